"""Where the pushes of the simulator come from: live, templates, backlog, replay."""
