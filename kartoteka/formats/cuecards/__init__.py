"""CueCards."""
