"""A copy of everything, and the way back: rows as JSON lines and files by their hash, the same for both databases."""
