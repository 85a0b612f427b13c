"""What is known because the server was asked for it, beside what it pushes."""
