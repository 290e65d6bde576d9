"""The states between two commits, and the classes of requests that tell them apart."""
