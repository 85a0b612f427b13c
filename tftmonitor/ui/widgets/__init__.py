"""What two subjects of the window share and no subject owns."""
