"""The made-up fleet: units that drive, park, fail and report."""
