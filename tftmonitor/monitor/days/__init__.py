"""Days of devices out of what is recorded: read on a thread, given up when nobody waits."""
