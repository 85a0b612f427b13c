"""The colours of the ground: quiet, so that signs of devices stand out on land and on water."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class GroundColours:
    """Named colours as ``#rrggbb``; hashable, so that a picture can be kept by it."""

    water: str
    land: str
    coast: str
    river: str
    province: str
    border: str
    name: str
    """Of countries."""
    halo: str
    """Round names, that they are read on lines."""


LIGHT_GROUND: Final = GroundColours(
    water="#d5e1ea",
    land="#f6f6f3",
    coast="#a9bfd0",
    river="#bfd3e2",
    province="#d9d7d3",
    border="#a9a3b3",
    name="#6d6878",
    halo="#f6f6f3",
)
DARK_GROUND: Final = GroundColours(
    water="#12181f",
    land="#21262c",
    coast="#3a4653",
    river="#2b4054",
    province="#2f353c",
    border="#5a5f6b",
    name="#8d94a1",
    halo="#21262c",
)
