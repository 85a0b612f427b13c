"""Recording: what becomes of pushes and links in the store of history."""
