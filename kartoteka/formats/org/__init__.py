"""Org: org-fc, org-drill, anki-editor."""
