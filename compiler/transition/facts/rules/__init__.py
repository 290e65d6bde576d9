"""What policies, webhooks and projects of a folder say about other objects."""
