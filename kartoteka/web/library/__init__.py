"""The library, the editor, search and the bin."""
