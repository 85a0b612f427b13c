"""The installation check: what proves that a unit is wired right, ticked off as it is seen."""
