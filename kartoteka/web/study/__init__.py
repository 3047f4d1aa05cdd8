"""Sittings: the pages of the study modes."""
