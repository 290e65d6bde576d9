"""A plan and a verdict as data for programs."""
