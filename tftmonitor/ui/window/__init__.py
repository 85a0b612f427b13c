"""The frame of the window: main window, bars, actions, palette, pace."""
