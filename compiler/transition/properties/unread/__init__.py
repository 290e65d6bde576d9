"""Objects that nobody reads, and that may act on what a commit changes: they are named."""
