"""Tests of how everything looks."""
