"""Streets: tiles of the user's own source, painted over the built-in ground."""
