"""The places of the user as a table with an editor, in and out as files: `pane.py` is the door."""
