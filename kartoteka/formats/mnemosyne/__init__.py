"""Mnemosyne 1 and 2."""
