"""A set's own page, and what one does with a whole set."""
