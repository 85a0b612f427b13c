"""The door to what is recorded: asked on the event loop, answered from a thread."""
