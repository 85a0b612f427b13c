"""Raises and acknowledges alarms through the desk until it is killed; run by the kill test.

Prints one line for each alarm that it shows, as a window would paint it: when it is published.
"""

import asyncio
import os
import sys
from pathlib import Path

from tftmonitor.base.clock import SystemClock
from tftmonitor.history.journal import Journal
from tftmonitor.history.journal_thread import JournalThread
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import AlarmChange
from tftmonitor.model.alarms.numbering import CodeResolver
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.monitor.alarm_service import AlarmService, AlarmStep


def show(changes: list[AlarmChange]) -> None:
    lines = [
        f"{change.alarm.id} {change.alarm.state.value} {change.alarm.count}\n" for change in changes
    ]
    try:
        os.write(1, "".join(lines).encode())  # unbuffered: what is shown is shown
    except BrokenPipeError:
        os._exit(1)  # the test is gone, and nobody else would end this


async def work(profile: Path, seed: int) -> None:
    journal = JournalThread(Journal.open(profile / "history.sqlite3", SystemClock()))
    desk = AlarmService(OpenAlarms(), journal, CodeResolver(), SystemClock(), lambda _ident: None)
    desk.steps[AlarmStep.BANNER].add(show)
    service = asyncio.create_task(desk.run())
    await asyncio.sleep(0)
    os.write(1, b"ready\n")
    number = 0
    while True:
        number += 1
        for rule in range(3):
            desk.rule_alarm(f"{seed}-{number % 7}-{rule}", "Voltage low", Severity.HIGH)
        waiting = desk.alarms.unacknowledged()
        desk.acknowledge([alarm.id for alarm in waiting[::2]])
        for alarm in desk.alarms.acknowledged()[::3]:
            desk.rule_returned(alarm.key.removeprefix("rule:"))
        await asyncio.sleep(0.001)
        if service.done():
            service.result()


if __name__ == "__main__":
    asyncio.run(work(Path(sys.argv[1]), int(sys.argv[2])))
