"""What asking over HTTP may take at most: whoever answers decides about none of it."""

from typing import Final

TIME_S: Final = 60.0
"""Login and list together. It runs in the background, and a list of 1,000 devices takes seconds."""

LOGIN_BYTES: Final = 65_536
"""The answer to a login, and to whatever is refused, is a line."""

LIST_BYTES: Final = 32 * 1_048_576
"""A device is 2 to 3 kB, so this is more than 10,000 of them, and decoded within a frame."""

TILES_AT_ONCE: Final = 6
"""So many tiles are asked of a server of maps at a time, as browsers do."""

TILE_TIME_S: Final = 15.0
"""Whoever looks at a map has moved on by then; the tile is asked for again later."""

TILE_BYTES: Final = 2 * 1_048_576
"""No picture of a tile is larger."""
