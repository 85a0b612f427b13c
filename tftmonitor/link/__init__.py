"""The websockets: one connection, and the loop that keeps a session alive."""
