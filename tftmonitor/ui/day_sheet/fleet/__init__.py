"""The same of all devices."""
