"""No client meets two versions of a major change, and no pod calls what it does not speak."""
