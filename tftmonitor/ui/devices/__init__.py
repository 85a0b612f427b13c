"""The list of devices: `pane.py` is the door, `table` its item model."""
