"""A tile as it is stored, whatever stores it."""

from dataclasses import dataclass
from typing import Final

FOR_EVER: Final = float("inf")


@dataclass(frozen=True, slots=True)
class Kept:
    """``content`` is the picture as it came, empty where there is no tile.

    After ``until_ms`` (wall time) its server has to be asked whether it still holds, and is told
    ``etag`` and ``modified`` as it sent them.
    """

    content: bytes
    until_ms: float = FOR_EVER
    etag: str = ""
    modified: str = ""
