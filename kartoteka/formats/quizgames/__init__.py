"""Kahoot, Blooket and Gimkit."""
