"""How samples are kept and read."""
