"""Study analytics: every figure, and the answers behind it."""
