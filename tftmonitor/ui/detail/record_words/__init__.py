"""Records of drivers and fuel probes in sentences, and the fuel as a picture."""
