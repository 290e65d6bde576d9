"""What is wrong with specs beyond their shape: of one release, of an environment, of all environments together."""
