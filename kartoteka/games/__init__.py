"""The shelf of live games: a folder is a game."""
