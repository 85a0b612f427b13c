"""One attempt to connect: what it is for, and how far it came."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from tftmonitor.link.paced_connection import PacedConnection


@dataclass(slots=True)
class Attempt:
    """Filled in by ``client.run_connection``, read by who has to say why it failed."""

    url: str
    proxy: str | None = None
    is_resolved: bool = False
    connection: PacedConnection | None = None

    @property
    def answer(self) -> bytes:
        """The beginning of what came in place of an open connection."""
        return self.connection.answer if self.connection is not None else b""

    @property
    def host_to_reach(self) -> str:
        """The host whose name has to be looked up: the proxy's, where there is one."""
        return urlsplit(self.proxy or self.url).hostname or ""
