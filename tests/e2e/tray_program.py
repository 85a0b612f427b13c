"""The real window, closed into a tray that the test stops and starts; tells what it says of it."""

import sys

from tests.e2e.window_program import tell, until
from tftmonitor.app.program import Program
from tftmonitor.app.run import run_window
from tftmonitor.cli import build_parser


async def use(program: Program) -> None:
    window, outputs = program.window, program.parts.outputs
    words: list[str] = []
    outputs._report = words.append
    tray = outputs.tray
    tray._check_timer.setInterval(100)
    try:
        tell("start", there=tray.available)
        if not tray.available:
            await until(lambda: tray.available, "the tray")
            tell("came", words=words)
        window.close()
        await until(lambda: not window.isVisible(), "the window to hide")
        tell("hidden", ending=program._exit.is_set())
        await until(lambda: not tray.available, "the tray to go")
        await until(window.isVisible, "the window to come back")
        tell("back", words=words)
        await until(lambda: tray.available, "the next tray")
        window.close()
        await until(lambda: not window.isVisible(), "the window to hide again")
        tell("again", words=words)
        await until(lambda: not tray.available, "the tray to go again")
        await until(window.isVisible, "the window to come back again")
        window.close()
        tell("closed", ending=program._exit.is_set())
    except Exception as error:
        tell("failed", words=repr(error))
        raise
    finally:
        program.request_exit()


if __name__ == "__main__":
    sys.exit(run_window(build_parser().parse_args(sys.argv[1:]), use))
