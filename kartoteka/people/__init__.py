"""Persons, guests and the ways they are known."""
