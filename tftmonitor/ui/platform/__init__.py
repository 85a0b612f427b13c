"""The event loop, workarounds of the binding, network watch, single instance."""
