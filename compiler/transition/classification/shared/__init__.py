"""What several kinds have in common: metadata, labels, annotations, pod templates."""
