"""Open alarms and the journal: `pane.py` is the door."""
