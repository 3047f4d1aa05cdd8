"""Anki package."""
