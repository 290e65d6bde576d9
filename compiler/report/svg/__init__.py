"""Courses and traces as pictures."""
