"""The parts of a plan as GitHub's Markdown: every text of a spec in it is data, and every part has a size."""
