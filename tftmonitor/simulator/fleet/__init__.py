"""The simulated fleet: units that drive, park, fail and report. No clock, no input or output."""
