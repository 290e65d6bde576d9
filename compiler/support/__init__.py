"""How work is spread over the cores."""
