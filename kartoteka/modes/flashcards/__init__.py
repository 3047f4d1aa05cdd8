"""Flashcards: look, flip, bullet by bullet."""
