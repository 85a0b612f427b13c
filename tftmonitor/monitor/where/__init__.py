"""Where devices are, in words, and which time it is there."""
