"""Moodle XML: a bank of questions."""
