"""The tyres of a device: which sensor sits on which wheel, and the picture of its axles."""
