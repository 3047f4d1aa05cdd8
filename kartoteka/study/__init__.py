"""Sittings, reviews and the memories they make."""
