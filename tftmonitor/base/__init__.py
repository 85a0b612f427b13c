"""Ground floor: clock, paths, tasks and logs, with the standard library only."""
