"""The only user of Git: reads the published tree, writes commits, history, ownership, and what Argo CD needs."""
