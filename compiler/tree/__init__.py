"""The published tree as a value: objects as YAML, one index a folder, Argo CD's own objects. Pure."""
