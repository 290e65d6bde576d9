"""A plan: what the next publish would change, whether that is safe, and the whole course ahead. Values only."""
