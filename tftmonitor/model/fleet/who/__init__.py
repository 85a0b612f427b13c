"""Which unit a frame is of, by whatever ids it carries."""
