"""A server that speaks the push protocol for a simulated fleet; for the demo and the tests.

``fleet`` makes the frames, ``feeds`` says when each is due, ``server`` sends them and injects
faults.
"""
