"""Places of the user's own on the map: shown, and drawn."""
