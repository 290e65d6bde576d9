"""The verbs of a release's day: which edits of which spec files move a release, or a group, one step. Pure."""
