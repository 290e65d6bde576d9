"""What must hold in every state: one file per property of the transition model."""
