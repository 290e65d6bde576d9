"""A plan as JUnit's XML."""
