"""Frames to typed messages and back, without any input or output of its own."""
