"""Open alarms by the thousand: one more, and what the operator does to all of them."""

from functools import partial

from tests.cliffs.situation import Act, Situation, at_end, new_harness, settle, watched
from tests.ui.alarms.alarm_bench import AlarmBench, Scope
from tftmonitor.base.gc_scheduler import GcScheduler
from tftmonitor.model.alarms import events
from tftmonitor.model.alarms.alarm import Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import AlarmChange
from tftmonitor.monitor.alarm_service import AlarmStep
from tftmonitor.ui.alerts.notify import DesktopNotifier

_BESIDE_MS = 3_600_000


def _filled(alarms: int) -> AlarmBench:
    """A shown pane with so many alarms of as many devices, none of them in a flood."""
    bench = AlarmBench(new_harness(), is_checked=False)
    at_end(bench.close)
    for number in range(alarms):
        _put(bench, f"VAN-{number}")
    bench.drain()
    settle()
    return bench


def _put(bench: AlarmBench, device: str) -> None:
    bench.clock.advance(_BESIDE_MS / 1000)
    now_ms = bench.clock.now_ms()
    bench.service.pipeline.put(
        events.Raised(
            now_ms, Source.SNAPSHOT, "tow", "Tow", Severity.HIGH, device=device, device_name=device
        )
    )


def _one_more(alarms: int, *, chosen: bool) -> Act:
    bench = _filled(alarms)
    if chosen:
        bench.pane.view.selectAll()

    def arrive(turn: int) -> float:
        _put(bench, f"LATER-{turn}")
        return watched(bench.runner, bench.service.drain())

    return arrive


def _on_all(what: str, alarms: int) -> Act:
    def do(turn: int) -> float:
        bench = _with_notifier(alarms)
        service, ids = bench.service, [alarm.id for alarm in bench.open_alarms.open()]
        bench.pane.view.selectAll()
        settle()
        GcScheduler().settle(0.0)
        if what == "acknowledge":
            bench.pane.commands.acknowledge()
        elif what == "shelve":
            service.shelve(ids, bench.clock.now_ms() + 3_600_000, "yard")
        else:
            service.note(ids, f"note {turn}")
        return watched(bench.runner, service.drain())

    return do


def _with_notifier(alarms: int) -> AlarmBench:
    bench = _filled(alarms)
    notifier = DesktopNotifier(Scope(bench.runner), bench.clock, _ignore, _ignore)

    def withdraw(changes: list[AlarmChange]) -> None:
        for change in changes:
            notifier.withdraw(change.alarm.id)

    bench.service.steps[AlarmStep.TRAY].add(withdraw)

    return bench


def _ignore(_value: object) -> None:
    pass


SITUATIONS = (
    Situation(
        "one more alarm, all others chosen",
        "alarms",
        (100, 1_000, 10_000),
        10_000,
        partial(_one_more, chosen=True),
        (100, 1_000),
    ),
    Situation(
        "one more alarm",
        "alarms",
        (100, 1_000, 10_000),
        10_000,
        partial(_one_more, chosen=False),
        (100, 1_000),
    ),
    *(
        Situation(
            f"{what} all alarms",
            "alarms",
            (100, 1_000, 10_000),
            10_000,
            partial(_on_all, what),
            (100, 1_000),
            turns=1,
        )
        for what in ("acknowledge", "shelve", "note")
    ),
)
