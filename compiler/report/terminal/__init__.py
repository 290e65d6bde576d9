"""The parts of a plan on a terminal, at most 100 columns wide."""
