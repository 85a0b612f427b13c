"""The push server: ports, clients, sign-in, and the faults that it injects."""
