"""CrowdAnki's decks."""
