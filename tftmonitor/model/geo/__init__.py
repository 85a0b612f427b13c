"""Places on the globe as numbers: the projection of the map, what it shows, distances."""
