"""Where media is kept: a small interface, and the parts that fulfil it."""
