"""The recorded past behind the plots."""
