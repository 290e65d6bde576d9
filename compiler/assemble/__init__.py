"""Stage assemble."""
