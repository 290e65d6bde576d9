"""No gate waits for ever, and no rollout stalls."""
