"""Spaced Repetition: each card when it is about to be forgotten."""
