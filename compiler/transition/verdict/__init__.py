"""The verdict on a change, on a course of commits, and the trace to what breaks a property."""
