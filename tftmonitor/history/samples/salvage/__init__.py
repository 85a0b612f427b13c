"""Saves what can be read of a damaged store into the new one."""
