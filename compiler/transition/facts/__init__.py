"""What one set of objects says, read once: workloads, pods, references, what the API server refuses."""
