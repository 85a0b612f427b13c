"""The window while devices misbehave: clocks, unknown numbers, twins, late uploads, a flood."""

import asyncio
import time
from functools import partial
from typing import Any

from tests.e2e.fault_window import (
    ask,
    column_of,
    come_forward,
    is_up,
    main,
    scroll_to,
    shown_cells,
    shown_text,
    tell,
    until,
)
from tftmonitor.app.program import Program
from tftmonitor.link import reconnect
from tftmonitor.model.alarms.alarm import Alarm
from tftmonitor.model.fleet.device import Device
from tftmonitor.simulator.fleet.formulas import CLOCK_UNSET_MS
from tftmonitor.simulator.server.bursts import CLOCK_AHEAD_MS
from tftmonitor.ui.detail.tabs.fields import FieldsPage

_DEVICES = 48
_LATE = 60
_FLOOD = 200
_FLOOD_IS_OVER_S = 1.0


async def use(program: Program) -> None:
    reconnect.QUIET_AFTER_S = 0.4
    await until(lambda: len(program.monitor.fleet) == _DEVICES, "the fleet")
    await until(lambda: is_up(program) and program.parts.plots.stack is not None, "both channels")
    await come_forward(program)
    # The table of alarms has all of its columns where it has the width of the window.
    for name in ("map", "inbox"):
        program.window.docks[name].hide()
    await tell_of_clocks(program)
    await tell_of_unknown(program)
    await tell_of_twins(program)
    await tell_of_late(program)
    await tell_of_flood(program)


def rows_of(program: Program, device: Device) -> list[list[str]]:
    """The lines about a device that are in sight in the table of alarms."""
    return [row for row in shown_cells(program.parts.alarms.view) if device.label in " ".join(row)]


def facts_of(alarm: Alarm | None) -> dict[str, Any]:
    if alarm is None:
        return {}
    return {
        "name": alarm.name,
        "code": alarm.code,
        "severity": alarm.severity.name,
        "witnesses": sorted(source.value for source in alarm.sources),
        "count": alarm.count,
        "late": alarm.late,
        "device": alarm.device,
    }


def open_alarm(program: Program, device: Device, name: str) -> Alarm | None:
    book = program.alarms
    return next((alarm for alarm in book.by_device(device.key) if alarm.name == name), None)


async def painted(program: Program) -> None:
    """The table of alarms draws a little later than the model changes."""
    await asyncio.sleep(0.15)
    program.shell.frame_clock.tick()


async def tell_of_clocks(program: Program) -> None:
    first, second = program.monitor.fleet.devices[:2]
    ask("clock")
    for year, device in zip((2000, 2080), (first, second), strict=True):
        await until(partial(has_wrong_date, device), "a wrong clock")
        shown = shown_of(program, device)
        tell(f"clock {year}", **shown)
    never = next(device for device in program.monitor.fleet if device.device_ms is None)
    tell("clock never set", **shown_of(program, never))


def has_wrong_date(device: Device) -> bool:
    """Its frame was held, or was live because the server's time says that it is of now."""
    date_ms = device.status.date if device.status else None
    return device.unset_clock_count > 0 or date_ms in {CLOCK_UNSET_MS, CLOCK_AHEAD_MS}


def shown_of(program: Program, device: Device) -> dict[str, Any]:
    """What list and detail show of a device and of its time."""
    program.parts.devices.select(device.key)
    program.parts.detail.show_tab("Fields")
    program.shell.frame_clock.tick()
    place = program.parts.devices.model.place_of(device.key)
    page = program.parts.detail.page
    assert isinstance(page, FieldsPage)
    in_fields = scroll_to(page.view, "Device time")
    program.parts.detail.show_tab("Overview")
    program.shell.frame_clock.tick()
    return {
        "state": column_of(program, "@state")[place],
        "age": column_of(program, "@age")[place],
        "head": shown_text(program.parts.detail.head),
        "fields": in_fields,
        "overview": shown_text(program.parts.detail.page),
    }


async def tell_of_unknown(program: Program) -> None:
    first, fifth = program.monitor.fleet.devices[0], program.monitor.fleet.devices[4]
    ask("number")
    await until(lambda: program.alarms.by_device(fifth.key), "the unknown number")
    await painted(program)
    banner = shown_text(program.parts.banner)
    tell("number", **told_of(program, fifth), banner=banner)
    ask("unknown")
    await until(lambda: program.alarms.by_device(first.key), "the message about it")
    await painted(program)
    program.parts.alarms.select_alarm(program.alarms.by_device(first.key)[0].id)
    tell("unknown", **told_of(program, first), pane=shown_text(program.parts.alarms))


def told_of(program: Program, device: Device) -> dict[str, Any]:
    """The alarms of a device in the model and in the table."""
    alarms = program.alarms.by_device(device.key)
    return {"alarms": [facts_of(alarm) for alarm in alarms], "rows": rows_of(program, device)}


async def tell_of_twins(program: Program) -> None:
    device = program.monitor.fleet.devices[0]
    ask("twins:gap=0.3")

    def both() -> bool:
        alarm = open_alarm(program, device, "SOS")
        return alarm is not None and len(alarm.sources) == 2

    await until(both, "both witnesses")
    await painted(program)
    tell("twins", **told_of(program, device), banner=shown_text(program.parts.banner))


async def tell_of_late(program: Program) -> None:
    device = program.monitor.fleet.devices[2]
    # The burst is about the first unit.
    first = program.monitor.fleet.devices[0]
    program.parts.devices.select(first.key)
    before = live_of(program, first)
    samples = len(first.series)
    ask(f"late:n={_LATE}")
    await until(lambda: first.late_count >= _LATE, "the stored snapshots")
    await asyncio.sleep(0.4)  # a frame of the list
    after = live_of(program, first)
    times = first.series.samples().times
    tell(
        "late",
        before=before,
        after=after,
        added=len(first.series) - samples,
        in_order=bool((times[1:] >= times[:-1]).all()),
        marked_late=program.monitor.counters.late,
    )
    stored = program.monitor.fleet.devices[3]
    data_ms = stored.data_ms
    ask("past")
    await until(lambda: open_alarm(program, stored, "Towing"), "the stored alarm")
    await painted(program)
    tell(
        "late alarm",
        **told_of(program, stored),
        kept_live=stored.data_ms == data_ms,
        other=device.late_count,
    )


def live_of(program: Program, device: Device) -> dict[str, Any]:
    """The live value in the model and in the list."""
    place = program.parts.devices.model.place_of(device.key)
    status = device.status
    return {
        "date": status.date if status else None,
        "speed": status.speed if status else None,
        "painted": column_of(program, "speed")[place],
        "data_ms": device.data_ms,
    }


async def tell_of_flood(program: Program) -> None:
    lateness: list[float] = []
    watch = asyncio.get_running_loop().create_task(measure(lateness))
    before = {alarm.id for alarm in program.alarms.all()}
    ask(f"alarms:n={_FLOOD}")
    book = program.alarms
    known = 2  # the SOS of the first device and the late alarm stand already, and count up
    await until(lambda: len({a.id for a in book.all()} - before) >= _FLOOD - known, "200 alarms")
    both = lambda: all(len(a.sources) == 2 for a in book.all() if a.id not in before)  # noqa: E731
    await until(both, "the other witness of each")
    await asyncio.sleep(_FLOOD_IS_OVER_S)
    watch.cancel()
    await painted(program)
    model = program.parts.alarms.model
    every = [model.row(model.index(n, 0)) for n in range(model.rowCount())]
    heads = [row for row in every if row is not None and row.head]
    singles = [row.alarm for row in every if row is not None and not row.head]
    lateness.sort()
    view = program.parts.alarms.view
    view.verticalScrollBar().setValue(0)
    top = shown_cells(view)
    place = next((n for n, row in enumerate(every) if row is not None and row.head), 0)
    view.scrollTo(model.index(place, 0))
    tell(
        "flood",
        heads=[row.head for row in heads],
        in_floods=sum(len(row.alarms) for row in heads),
        singles=[facts_of(alarm) for alarm in singles],
        open=len(book.open()),
        top=top,
        at_head=shown_cells(view),
        banner=shown_text(program.parts.banner),
        loop_late_ms={
            "median": lateness[len(lateness) // 2],
            "worst": lateness[-1],
            "samples": len(lateness),
        },
    )


async def measure(lateness: list[float]) -> None:
    """How late the loop is, in ms: what a key or a click would wait."""
    while True:
        began_s = time.perf_counter()
        await asyncio.sleep(0.01)
        lateness.append(round((time.perf_counter() - began_s - 0.01) * 1000, 1))


if __name__ == "__main__":
    raise SystemExit(main(use))
