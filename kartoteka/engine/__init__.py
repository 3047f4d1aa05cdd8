"""The ground: remembering, asking, grading and planning, without a database, a clock or a network."""
