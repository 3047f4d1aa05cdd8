"""Games in progress, and the bell that tells players."""
