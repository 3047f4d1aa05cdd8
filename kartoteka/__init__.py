"""Kartoteka: a study platform that remembers what was proved."""
