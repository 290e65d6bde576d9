"""What the metrics say of a new version: queries, figures, and the tests that judge them. Pure."""
