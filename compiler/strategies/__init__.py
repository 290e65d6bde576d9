"""Stage strategies."""
