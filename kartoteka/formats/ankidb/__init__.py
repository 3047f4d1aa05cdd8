"""Anki's databases."""
