"""Practice Test."""
