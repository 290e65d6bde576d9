"""Stage source."""
