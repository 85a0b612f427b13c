"""How this computer reaches the servers: what the user set, and what the links are given."""

from dataclasses import dataclass, field
from pathlib import Path

DIRECT = "none"


@dataclass(frozen=True, slots=True)
class Network:
    """``proxy`` is "" for that of the environment, "none" for no proxy, else its address.

    ``ca_file`` holds certificates (PEM) that are trusted beside those of the system.
    """

    # It can hold a password, which no log may carry.
    proxy: str = field(default="", repr=False)
    ca_file: Path | None = None


def network_of(proxy: str, ca_file: str) -> Network:
    """The network of two settings, each "" where nothing is set."""
    return Network(proxy, Path(ca_file).expanduser() if ca_file else None)
