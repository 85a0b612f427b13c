"""The rules of the user as a table with an editor: `pane.py` is the door."""
