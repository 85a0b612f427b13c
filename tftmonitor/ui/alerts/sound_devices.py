"""Which sound devices there are, as the sound system of Linux names them. Blocks: for a thread."""

import json
import sys
from collections.abc import Mapping
from typing import Final

from tftmonitor.ui.platform.child_process import output_of

_MOST: Final = 40


def sound_devices() -> dict[str, str]:
    """Name for a player -> words for people; empty where none can be chosen or asked for."""
    if not sys.platform.startswith("linux"):
        return {}
    if text := output_of("pactl", "--format=json", "list", "sinks"):
        return _pulse(text)
    return _alsa(output_of("aplay", "-L"))


def _pulse(text: str) -> dict[str, str]:
    try:
        sinks = json.loads(text)
    except ValueError:
        return {}
    found = {}
    for sink in sinks if isinstance(sinks, list) else ():
        if isinstance(sink, Mapping) and isinstance(sink.get("name"), str):
            found[sink["name"]] = str(sink.get("description") or sink["name"])
    return dict(list(found.items())[:_MOST])


def _alsa(text: str) -> dict[str, str]:
    """Names stand at the left edge, what they are below them, indented."""
    found: dict[str, str] = {}
    name = ""
    for line in text.splitlines():
        if line and not line[0].isspace():
            name = line.strip()
            found[name] = name
        elif name and found[name] == name and line.strip():
            found[name] = line.strip()
    return dict(list(found.items())[:_MOST])
