"""The wiring: settings, addresses, serving."""
