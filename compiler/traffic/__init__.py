"""Stage traffic."""
