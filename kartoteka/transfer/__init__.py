"""Decks come in and go out: proposed, looked at, accepted."""
