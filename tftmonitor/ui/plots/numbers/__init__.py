"""The arithmetic of the plots on numpy arrays; nothing here knows Qt."""
