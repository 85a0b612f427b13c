"""The real window, driven from outside: evaluates each line of standard input and tells the value.

One JSON object a line comes back. A line that begins with "do " is a statement; what it defines is
there for the next. ``program`` is the running program, ``window`` its window; of the command
``replay`` there is ``replay``.
"""

import asyncio
import json
import os
import sys
from typing import Any

from tftmonitor.app.program import Program
from tftmonitor.app.replay import Replay, run_replay
from tftmonitor.app.run import run_window
from tftmonitor.cli import build_parser


def tell(**facts: Any) -> None:
    print(json.dumps(facts, default=str), flush=True)


class Driver:
    def __init__(self, **names: Any) -> None:
        self.names = names
        self.rest = b""
        self.ended = asyncio.Event()

    def read(self) -> None:
        got = os.read(0, 65_536)
        if not got:
            asyncio.get_running_loop().remove_reader(0)
            self.ended.set()
        *lines, self.rest = (self.rest + got).split(b"\n")
        for line in lines:
            self.run(line.decode())

    def run(self, line: str) -> None:
        try:
            if line.startswith("do "):
                exec(line[3:], self.names)
                tell(value=None)
            else:
                tell(value=eval(line, self.names))
        except Exception as error:  # noqa: BLE001 - told to the test
            tell(failed=repr(error))


async def drive(program: Program) -> None:
    await drive_with(Driver(program=program, window=program.window))
    program.request_exit()


async def drive_replay(replay: Replay) -> None:
    await drive_with(Driver(replay=replay))
    replay.program.request_exit()


async def drive_with(driver: Driver) -> None:
    asyncio.get_running_loop().add_reader(0, driver.read)
    tell(value="ready")
    await driver.ended.wait()


if __name__ == "__main__":
    options = build_parser().parse_args(sys.argv[1:])
    if "replay" in sys.argv:
        raise SystemExit(run_replay(options, options.profile, drive_replay))
    raise SystemExit(run_window(options, drive))
