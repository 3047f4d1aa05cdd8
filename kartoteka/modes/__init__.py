"""The shelf of ways to study: a folder is a mode."""
