"""service: no router, Services alone."""
