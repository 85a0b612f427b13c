"""The window over a recorded day: from a device to its day, and from a row to plots and map.

Prints one JSON object a step; the test beside it reads them.
"""

import sys
from datetime import timedelta

from tests.e2e.window_program import tell, until
from tests.unit.monitor.days.journey import DAY, MIDNIGHT_S
from tftmonitor.app.program import Program
from tftmonitor.app.run import run_window
from tftmonitor.base.clock import HOUR_MS, SECOND_MS
from tftmonitor.cli import build_parser
from tftmonitor.ui.day_sheet.page import DaySheetPage


async def use(program: Program) -> None:
    parts, window = program.parts, program.window
    try:
        await until(lambda: len(program.monitor.fleet) >= 3, "three devices")
        keys = sorted(device.key for device in program.monitor.fleet)
        first, other = keys[0], keys[1]
        await until(lambda: parts.plots.stack is not None, "the plots")
        parts.devices.select(other)
        parts.devices.day_requested.emit(other)
        page = program.shell.page("day_sheet")
        assert isinstance(page, DaySheetPage)
        tell("requested", shown=window.pages.shown, device=page.sheet.device == other)
        tell("today", is_today=page.sheet.day - DAY > timedelta(0))
        parts.devices.select(first)
        tell("follows", device=page.sheet.device == first)
        parts.alarms.commands.day_requested.emit(first, MIDNIGHT_S * SECOND_MS + 9 * HOUR_MS)
        await until(lambda: page.sheet.content.model.rows, "the sheet")
        trip = page.sheet.content.model.index(1, 0)
        tell("sheet", rows=page.sheet.content.model.rows, day=page.sheet.day.isoformat())
        menu = page.sheet.content.menu.menu_of(trip)
        menu.actions()[0].trigger()
        stack = parts.plots.stack
        assert stack is not None
        begin, end = stack.window_s
        tell("plots", shown=window.pages.shown, begin=begin - MIDNIGHT_S, end=end - MIDNIGHT_S)
        stack.back_to_live()
        window.show_page("day_sheet")
        await until(lambda: page.sheet.content.model.rows, "the sheet again")
        menu = page.sheet.content.menu.menu_of(page.sheet.content.model.index(1, 0))
        menu.actions()[1].trigger()
        view = parts.map.get().canvas.view
        begin, end = stack.window_s
        is_moved = begin < MIDNIGHT_S + 25_510 < end
        tell("map", shown=window.pages.shown, middle=view.middle, is_moved=is_moved)
    except Exception as error:
        tell("failed", words=repr(error))
        raise
    finally:
        program.request_exit()


def main() -> int:
    return run_window(build_parser().parse_args(sys.argv[1:]), use)


if __name__ == "__main__":
    raise SystemExit(main())
