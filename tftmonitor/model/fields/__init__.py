"""The one table of fields, what their values mean, and how they are written."""
