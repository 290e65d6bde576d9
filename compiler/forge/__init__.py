"""The forge's side of a review: which pull request a run belongs to, and one comment per environment on it."""
