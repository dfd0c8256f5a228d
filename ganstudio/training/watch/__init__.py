"""Watching a run: scores against held-out pictures, and what is wrong, since when, and what to do about it."""
