"""What the API server refuses, whatever the cluster holds: of one object, by what it says itself."""
