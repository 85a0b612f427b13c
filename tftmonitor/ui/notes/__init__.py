"""Sentences in passing, on a line of their own at the foot of the window."""
