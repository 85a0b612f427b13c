"""A file that proves what was recorded: all of a stretch with sums that anybody can check."""
