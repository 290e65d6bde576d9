"""A plan and a site as pages."""
