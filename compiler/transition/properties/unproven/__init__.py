"""Other effects that nobody has proven: they are named."""
