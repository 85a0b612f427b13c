"""The parts of the window, each fed through its constructor."""
