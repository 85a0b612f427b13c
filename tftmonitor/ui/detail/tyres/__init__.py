"""The tyres of a vehicle as a picture, and how a sensor gets its wheel."""
