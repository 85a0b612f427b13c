"""The commands about what is recorded."""
