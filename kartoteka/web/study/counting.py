"""Numbers for words that are counted in the browser."""

from __future__ import annotations

SAMPLES = (1, 2, 5)  # numbers that between them take every form a language has for counting: the island picks one by the rules of its language
