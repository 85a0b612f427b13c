"""Sources of frames in time: a live fleet, a set rate, a backlog before it, a recording."""
