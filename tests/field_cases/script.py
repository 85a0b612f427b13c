"""Field cases as they stand on disk, and what their steps do one after the other."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from tftmonitor.base.clock import SECOND_MS
from tftmonitor.protocol.channels import Channel

_CASES = Path(__file__).parent / "cases"
_TIME = re.compile(r"@(s?)([+-]\d+)(?:([+-]\d+)i)?")
END = "end"


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing happens for a while."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Send:
    """One text frame; ``make`` gives its bytes at a time in ms."""

    channel: Channel
    make: Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Mark:
    """What the operator does, or a place to look: "ack", "dump:after"."""

    what: str

    @property
    def look(self) -> str:
        """The name of the place to look, empty for none."""
        verb, _, name = self.what.partition(":")
        return name if verb == "dump" else ""


Action = Wait | Send | Mark


@dataclass(frozen=True, slots=True)
class Case:
    """One file; ``profile`` is what lies in the profile's files, by their names."""

    name: str
    steps: list[dict[str, Any]]
    profile: Mapping[str, object] = field(default_factory=dict)

    def actions(self) -> Iterator[Action]:
        """All that is done, in order; a look at the end comes by itself."""
        saved: dict[str, bytes] = {}
        for step in self.steps:
            yield Wait(step.get("wait", 0.0))
            if "mark" in step:
                yield Mark(step["mark"])
            if "channel" in step:
                yield from _sends(step, saved)
        yield Wait(0.3)
        yield Mark(f"dump:{END}")


def case_names() -> list[str]:
    """The short names of all cases: "d05b" of d05b-first-seen-in-2013.json."""
    return sorted(path.stem.partition("-")[0] for path in _CASES.glob("*.json"))


def load(name: str) -> Case:
    """A case by its short name."""
    (path,) = _CASES.glob(f"{name}-*.json")
    content = json.loads(path.read_text("utf-8"))
    files = {f"{key}.json": content[key] for key in ("rules", "settings") if key in content}
    return Case(name, content["steps"], files)


def _sends(step: Mapping[str, Any], saved: dict[str, bytes]) -> Iterator[Action]:
    channel = Channel(step["channel"])
    for turn in range(step.get("repeat", 1)):
        if turn and "every" in step:
            yield Wait(step["every"])
        yield Send(channel, partial(_bytes_of, step, saved, turn))


def _bytes_of(step: Mapping[str, Any], saved: dict[str, bytes], turn: int, now_ms: int) -> bytes:
    if "resend" in step:
        return saved[step["resend"]]
    content = _filled(step["frame"], now_ms, turn, "A" * step.get("pad", 0))
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    data = text.encode()
    if "save" in step:
        saved[step["save"]] = data
    return data


def _filled(value: Any, now_ms: int, turn: int, pad: str) -> Any:
    if isinstance(value, dict):
        return {key: _filled(each, now_ms, turn, pad) for key, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, now_ms, turn, pad) for each in value]
    if not isinstance(value, str):
        return value
    if value == "#i":
        return turn
    if found := _TIME.fullmatch(value):
        in_seconds, shift, step = found.groups()
        time_ms = now_ms + SECOND_MS * (int(shift) + turn * int(step or 0))
        return time_ms // SECOND_MS if in_seconds else time_ms
    return value.replace("{i}", str(turn)).replace("%PAD%", pad)
