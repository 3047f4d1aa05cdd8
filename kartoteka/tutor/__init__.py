"""The voice call."""
