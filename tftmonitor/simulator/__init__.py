"""A server that speaks the push protocol for a made-up fleet."""
