"""Day sheets as files: on paper, and as tables."""
