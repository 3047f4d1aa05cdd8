"""Anki collection package."""
