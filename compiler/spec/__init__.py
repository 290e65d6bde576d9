"""The words of a spec as frozen models: shape and ranges, no behavior. One file a topic."""
