"""Match: pairs that belong together, against the clock or without one."""
