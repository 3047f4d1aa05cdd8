"""Markdown notes: cards written in Obsidian, hashcards, RemNote, Logseq, or plainly."""
