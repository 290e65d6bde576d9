"""What the cluster and its metrics say: Argo CD's Applications and Prometheus' figures, read and never written."""
