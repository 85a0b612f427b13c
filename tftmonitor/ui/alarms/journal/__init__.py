"""The journal as a page: what happened to alarms, and who did what."""
