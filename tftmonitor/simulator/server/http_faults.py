"""What can go wrong with the simulator's HTTP interface, by name.

Apart from the interface itself, so that who only reads faults loads no HTTP server.
"""

from typing import Final

HTTP_FAULTS: Final = ("redirect", "500", "slow", "huge", "text", "shape", "refuse")
