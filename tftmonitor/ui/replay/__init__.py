"""A replay in the window: its bar, its slider over the stretch, and the word in pictures."""
