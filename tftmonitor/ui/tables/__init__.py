"""What every table and list of rows has in common: look, columns, copying, and holding still."""
