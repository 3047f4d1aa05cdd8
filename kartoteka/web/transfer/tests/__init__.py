"""Through the door."""
