"""Raises alarms at a pace and says when, for tests that kill it or take its disk away.

usage: PROFILE SECONDS ALARMS_PER_SECOND, then waits for the end of its input and ends in order.
"""

import asyncio
import sys
import time
from functools import partial
from pathlib import Path

from tftmonitor.base.clock import SystemClock
from tftmonitor.history.journal import Journal, JournalError
from tftmonitor.history.journal_thread import JournalThread
from tftmonitor.history.schema import FILE_NAME
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.numbering import CodeResolver
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.monitor.alarm_pipeline import AlarmStep
from tftmonitor.monitor.alarm_service import AlarmService


def say(*words: object) -> None:
    print(*words, flush=True)


async def work(profile: Path, seconds: float, per_s: float) -> None:
    opener = partial(Journal.open, profile / FILE_NAME, SystemClock())
    try:
        opened = opener()
    except JournalError:
        opened = None
    journal = JournalThread(opened, opener, profile)
    desk = AlarmService(OpenAlarms(), journal, CodeResolver(), SystemClock(), lambda _ident: None)
    service = asyncio.create_task(desk.run())
    say("begin")
    began_s = time.monotonic()
    number = 0
    while time.monotonic() - began_s < seconds:
        while number < (time.monotonic() - began_s) * per_s:
            number += 1
            desk.rule_alarm(f"{number}", f"Voltage low {'x' * 200}", Severity.HIGH)
            say(number, time.monotonic())
        await asyncio.sleep(0.002)
    say("mark", desk.pipeline.failing.get(AlarmStep.JOURNAL, ""))
    await asyncio.to_thread(sys.stdin.read)
    service.cancel()
    await asyncio.gather(service, return_exceptions=True)
    if not await desk.drain():
        say("aside", desk.pipeline.put_aside())
    await journal.close()


if __name__ == "__main__":
    asyncio.run(work(Path(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])))
