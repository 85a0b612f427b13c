"""Colours, icons and glyphs."""
