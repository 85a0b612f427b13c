"""The page of day sheets: what a device did on a day, what all did, on the screen and on paper."""
