"""The settings: `pane.py` is the door."""
