"""Rules of the user: their conditions, their evaluation with hysteresis, their preview."""
