"""Trips and stops of a device, and its days, out of places with times."""
