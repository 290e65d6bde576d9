"""What runs keep for later ones, outside of all repositories. It costs time where it is wrong, and nothing else."""
