"""What is known of the selected device: `pane.py` is the door, `tabs` its pages."""
