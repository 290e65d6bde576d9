"""What each controller does with its pods while its object changes: one file per controller."""
