"""The pilot: one tick reads what Argo CD and Prometheus say, decides, and moves courses by commits."""
