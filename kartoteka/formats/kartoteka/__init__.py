"""The archive of a whole library."""
