"""The words of a spec as frozen models: shape and ranges, no behaviour. One file a topic."""
