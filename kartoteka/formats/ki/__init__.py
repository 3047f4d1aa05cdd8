"""Notes of ki."""
