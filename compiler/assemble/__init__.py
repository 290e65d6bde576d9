"""A release's topology and routes into its complete Kubernetes objects."""
