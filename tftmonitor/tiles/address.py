"""The address of a server of tiles: a template with the place of a tile in it."""

import hashlib
import re
from typing import Final
from urllib.parse import urlsplit

from typing_extensions import override

from tftmonitor.protocol.addresses import is_this_computer

_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
_KNOWN: Final = frozenset({"z", "x", "y", "-y"})
_EXAMPLE: Final = "https://tiles.example.org/{z}/{x}/{y}.png"
_CREDITS: Final = {"openstreetmap.org": "© OpenStreetMap contributors"}


class AddressError(Exception):
    """No address of tiles; its text is a sentence that says why, without the address."""


class TileAddress:
    """``{z}`` is the zoom, ``{x}`` the column from the west, ``{y}`` the row from the north.

    ``{-y}`` in its place is the row from the south. Raises AddressError for what leads to no
    server, or to one over a readable way. ``place`` is the host, with its port where it says one.
    """

    def __init__(self, template: str) -> None:
        template = template.strip()
        try:
            parts = urlsplit(template)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            raise AddressError(_shaped("The address cannot be read.")) from None
        if parts.scheme not in {"https", "http"} or not host or not _is_one_word(template):
            raise AddressError(_shaped("This is no address of a server."))
        if "{" in parts.netloc:
            raise AddressError("Give the name of one server, with nothing in braces in it.")
        if parts.scheme == "http" and not is_this_computer(template):
            raise AddressError("Tiles are only asked for with encryption: use https://.")
        names = _PLACEHOLDER.findall(template)
        if unknown := sorted(set(names) - _KNOWN):
            raise AddressError(_shaped(f"{{{unknown[0][:20]}}} is not known in an address."))
        if "z" not in names or "x" not in names or not {"y", "-y"} & set(names):
            raise AddressError(_shaped("The address has to hold {z}, {x} and {y}."))
        self._template = template.partition("#")[0]
        self.place = f"{host}:{port}" if port else host
        self.is_here = is_this_computer(template)

    @override
    def __repr__(self) -> str:
        """Without what can be a key."""
        return f"<tiles of {self.place}>"

    @property
    def key(self) -> bytes:
        """What tiles of this address are kept under; it does not tell the address."""
        return hashlib.blake2b(self._template.encode(), digest_size=8).digest()

    @property
    def usual_credit(self) -> str:
        """What has to be said of its tiles as far as that is known, else whose they are."""
        host = self.place.partition(":")[0]
        for domain, credit in _CREDITS.items():
            if host == domain or host.endswith(f".{domain}"):
                return credit
        return f"Tiles: {self.place}"

    def of(self, zoom: int, x: int, y: int) -> str:
        """The address of one tile."""
        values = {"z": zoom, "x": x, "y": y, "-y": (1 << zoom) - 1 - y}
        return _PLACEHOLDER.sub(lambda found: str(values[found[1]]), self._template)


def _is_one_word(template: str) -> bool:
    return template.isprintable() and not any(c.isspace() for c in template)


def _shaped(why: str) -> str:
    return f"{why} It has to look like {_EXAMPLE}"
