"""The sign-in sheet and what it starts."""
