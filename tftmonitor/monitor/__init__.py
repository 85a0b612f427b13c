"""The headless application: it wires link, protocol and model together."""
