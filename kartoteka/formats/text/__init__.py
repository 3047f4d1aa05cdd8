"""Pasted or exported text: one card a line."""
