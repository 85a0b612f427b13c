"""The push server of the simulator, and the faults that it performs."""
