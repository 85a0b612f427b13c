"""Places of the user's own, their shapes, and the files that they come from and go to."""
