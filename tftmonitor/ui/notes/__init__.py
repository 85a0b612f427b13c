"""Sentences in passing: those at the lower edge of the window, and those below a field."""
