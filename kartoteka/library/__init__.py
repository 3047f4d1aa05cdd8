"""Decks, notes, cards and media, and who may see them."""
