"""Traefik: IngressRoutes, read only. No spec names it as its provider."""
