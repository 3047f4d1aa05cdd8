"""The first page: what is due, my sets, and the paste box."""
