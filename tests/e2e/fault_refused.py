"""A person signs in at the sheet, is refused, corrects nothing, and signs in again later."""

import asyncio
import os
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.e2e.fault_window import (
    ask,
    chips,
    come_forward,
    is_up,
    main,
    shown_text,
    tell,
    until,
)
from tftmonitor.app.program import Program
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.link_status import LinkState, LinkStatus

# Longer than the first delays of the backoff, 1 s and 2 s, had it been tried again.
_WATCHED_S = 3.5


def sight(program: Program) -> dict[str, Any]:
    parts = program.parts
    return {
        **chips(program),
        "sheet": shown_text(parts.sheet) if parts.sheet.isVisible() else [],
        "strip": shown_text(parts.link_strip) if parts.link_strip.isVisible() else [],
        "user": parts.sheet.user.text(),
        "password": parts.sheet.password.text(),
        "can_sign_in": parts.sheet.sign_in.isEnabled(),
        "window_width": program.window.width(),
    }


async def use(program: Program) -> None:
    sheet = program.parts.sheet
    states: list[tuple[str, str]] = []

    def note(status: LinkStatus) -> None:
        states.append((status.channel.value, status.state.name))

    program.monitor.link_changed.add(note)
    await come_forward(program)
    ask("refuse+6:words=the account is locked until Monday")
    await until(sheet.user.hasFocus, "the sheet")
    if not sheet.more.isChecked():
        QTest.mouseClick(sheet.more, Qt.MouseButton.LeftButton)
    QTest.keyClicks(sheet.user, "tester")
    QTest.keyClicks(sheet.password, "secret")
    QTest.keyClicks(sheet.device_url, os.environ["FAULT_DEVICE_URL"])
    QTest.keyClicks(sheet.message_url, os.environ["FAULT_MESSAGE_URL"])
    QTest.keyClick(sheet.message_url, Qt.Key.Key_Return)
    links = program.monitor.link_status
    await until(
        lambda: all(links(channel).state is LinkState.REFUSED for channel in Channel), "the refusal"
    )
    program.shell.frame_clock.tick()
    tell("refused", **sight(program), told=len(states))
    before = len(states)
    await asyncio.sleep(_WATCHED_S)
    program.shell.frame_clock.tick()
    tell("later", **sight(program), tried=states[before:])
    # Its words stay on the sheet until somebody does something.
    while not is_up(program, Channel.DEVICES):
        if sheet.isVisible() and sheet.sign_in.isEnabled():
            QTest.mouseClick(sheet.sign_in, Qt.MouseButton.LeftButton)
        await asyncio.sleep(0.5)
    await until(lambda: len(program.monitor.fleet) == 6, "the fleet")
    tell("signed in", **sight(program))


if __name__ == "__main__":
    raise SystemExit(main(use))
