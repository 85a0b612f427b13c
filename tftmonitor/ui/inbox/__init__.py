"""Messages: `pane.py` is the door."""
