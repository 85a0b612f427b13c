"""Tiles of the user's own source: files on the disk, addresses of servers, and what is kept."""
