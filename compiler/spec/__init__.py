"""Stage spec."""
