"""Writes every frame that was sent, so that a test can compare both ends."""

import base64
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from tftmonitor.simulator.outgoing import Outgoing

_encode = msgspec.json.Encoder().encode


class FrameLog:
    """One JSON line a frame: ``channel``, ``n`` (counts per channel), ``client``, ``frame``.

    ``frame`` is the text as sent; a binary frame stands as ``binary`` in base64 instead.
    Used by the server only. Every ``write`` is flushed.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._sent: Counter[str] = Counter()

    def write(self, client: int, batch: Iterable[Outgoing]) -> None:
        """Append the frames that went to this client."""
        lines = [_encode(self._line(client, outgoing)) for outgoing in batch]
        self._file.write(b"\n".join(lines) + b"\n")
        self._file.flush()

    def close(self) -> None:
        """Close the file; later writes are an error."""
        self._file.close()

    def _line(self, client: int, outgoing: Outgoing) -> dict[str, Any]:
        name = outgoing.channel.value
        self._sent[name] += 1
        line: dict[str, Any] = {"channel": name, "n": self._sent[name], "client": client}
        if outgoing.binary:
            line["binary"] = base64.b64encode(outgoing.data).decode()
        else:
            line["frame"] = outgoing.data.decode()
        return line
