"""Copied pages of other study sites."""
