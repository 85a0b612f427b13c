"""The map: where the devices are, on a ground that needs no network."""
