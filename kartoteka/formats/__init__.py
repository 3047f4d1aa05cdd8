"""The shelf of formats: decks in and out, a folder is a format."""
