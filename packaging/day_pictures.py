"""The day sheet in the states that have a picture; the days are those of ``day_history``."""

import asyncio
import importlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tftmonitor.app.program import Program
    from tftmonitor.ui.day_sheet.page import DaySheetPage

_DAY_READ_S: Final = 3.0
_FLEET_READ_S: Final = 12.0


def day_scenes(program: "Program") -> dict[str, Callable[[], Awaitable[None]]]:
    """Each state, and how to get there."""

    def page() -> "DaySheetPage":
        from tftmonitor.ui.day_sheet.page import DaySheetPage

        program.parts.devices.select(importlib.import_module("day_history").DEVICES[1])
        program.shell.show_pane("day_sheet")
        made = program.shell.page("day_sheet")
        assert isinstance(made, DaySheetPage)
        made.show_one()
        made.sheet.show_today()
        return made

    async def show_day() -> None:
        sheet = page().sheet
        sheet.show_day(sheet.day - timedelta(days=3))
        await asyncio.sleep(_DAY_READ_S)
        sheet.content.view.selectRow(2)

    async def show_today() -> None:
        page()
        await asyncio.sleep(_DAY_READ_S)

    async def show_all() -> None:
        made = page()
        made.tabs.setCurrentWidget(made.fleet)
        made.fleet.begin()
        await asyncio.sleep(_FLEET_READ_S)

    return {"day-sheet": show_day, "day-sheet-today": show_today, "days-of-all": show_all}
