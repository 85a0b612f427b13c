"""A window on a profile whose server lets nobody in, and what its list shows.

usage: PROFILE; prints one line of JSON.
"""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tftmonitor.cli import build_parser, window

if TYPE_CHECKING:
    from tftmonitor.app.program import Program

LIMIT_S = 20.0
# Nobody listens there.
_NOWHERE = "ws://127.0.0.1:9/"


async def look(program: "Program") -> None:
    from tftmonitor.model.fleet.clocks import asked_text

    began_s = time.monotonic()
    fleet, model = program.monitor.fleet, program.parts.devices.model
    try:
        while not len(fleet) or model.rowCount() < len(fleet):
            if time.monotonic() - began_s > LIMIT_S:
                break
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.5)
        now_ms = program.core.clock.now_ms()
        found = {
            "received_ms": {device.key: device.restored_ms for device in fleet},
            "rows": model.rowCount(),
            "words": [asked_text(device, now_ms) for device in fleet],
            "within_s": time.monotonic() - began_s,
        }
        print(json.dumps(found), flush=True)
    finally:
        program.request_exit()


def main(profile: Path) -> int:
    words = ["--user", "u", "--device-url", _NOWHERE, "--message-url", _NOWHERE]
    options = build_parser([]).parse_args([*words, "--profile", str(profile)])
    window.prepare()
    from tftmonitor.app.run import run_window

    return run_window(options, look)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
