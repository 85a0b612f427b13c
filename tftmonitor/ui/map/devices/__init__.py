"""The devices on the map: where, as which sign, in which cluster."""
