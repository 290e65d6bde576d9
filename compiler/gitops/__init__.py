"""Stage gitops."""
