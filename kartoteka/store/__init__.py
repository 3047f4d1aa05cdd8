"""How a change is kept: one writer, group commit, and keys that sort by time."""
