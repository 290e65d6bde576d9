"""Which pods answer which request: routes, Services, and what stands in between."""
