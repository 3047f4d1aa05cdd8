"""Anki's collections, packages, note types and templates: what all formats of Anki's family stand on."""
