"""History written for other programs: one module a format, streaming."""
