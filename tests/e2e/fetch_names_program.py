"""Started by ``test_fetch_names``: the window, signed in with the tick by its sheet.

Its arguments are a profile and the three addresses. Prints one JSON object.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable

from tftmonitor.app.program import Program
from tftmonitor.app.run import run_window
from tftmonitor.cli import build_parser

LIMIT_S = 20.0


async def until(holds: Callable[[], object], what: str) -> None:
    limit_s = time.monotonic() + LIMIT_S
    while not holds():
        if time.monotonic() > limit_s:
            raise TimeoutError(what)
        await asyncio.sleep(0.02)


async def work(program: Program, urls: list[str]) -> None:
    sheet, monitor, told = program.parts.sheet, program.monitor, list[str]()
    monitor.account_list.reported.add(told.append)
    await until(sheet.isVisible, "the sheet")
    sheet.user.setText("demo")
    sheet.password.setText("Open-Sesame7")
    for line, url in zip((sheet.device_url, sheet.message_url, sheet.http_url), urls, strict=True):
        line.setText(url)
    sheet.fetch_names.setChecked(True)
    sheet.sign_in.click()
    await until(lambda: program.monitor.user and not sheet.isVisible(), "a session")
    await until(lambda: told, "what came")
    # And once more, as the menu and the palette do it.
    next(a for a in program.window.actions() if a.objectName() == "fetch_names").trigger()
    await until(lambda: len(told) == 2, "what came again")
    names = sorted(device.label for device in monitor.fleet)
    asked = sum(device.is_asked for device in monitor.fleet)
    print(json.dumps({"told": told, "names": names, "asked": asked}), flush=True)


def main() -> int:
    profile, *urls = sys.argv[1:]
    options = build_parser().parse_args(["--profile", profile])

    async def script(program: Program) -> None:
        try:
            await work(program, urls)
        finally:
            program.request_exit()

    return run_window(options, script)


if __name__ == "__main__":
    sys.exit(main())
