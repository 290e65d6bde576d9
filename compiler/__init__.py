"""Shipway: release specs in, verified manifests in a Git repository out. Start reading at `pipeline.py`."""

# A constant: importlib.metadata.version() costs 36 ms of every start.
__version__ = "0.2.0"
