"""Stage transition."""
