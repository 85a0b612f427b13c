"""The window while links break: one channel, both, a server that restarts, a half-open socket."""

import asyncio
import socket
import time
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from tests.e2e.fault_window import (
    ask,
    chips,
    column_of,
    hatch_pixels,
    is_up,
    is_waiting,
    main,
    note,
    plots_of,
    shown_text,
    tell,
    until,
)
from tftmonitor.app.program import Program
from tftmonitor.link import client, reconnect
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.link_status import LinkState, LinkStatus

# Real sockets and the library's own pings, in a hurry.
_KEEP_ALIVE_S = 1.0
_QUIET_AFTER_S = 0.4


def sight(program: Program) -> dict[str, Any]:
    """What can be seen of the links."""
    parts = program.parts
    devices, messages = (program.monitor.link_status(channel) for channel in Channel)
    return {
        **chips(program),
        "states": [devices.state.name, messages.state.name],
        "reasons": [devices.reason, messages.reason],
        "strip": shown_text(parts.link_strip) if parts.link_strip.isVisible() else [],
        "list_hatch": hatch_pixels(parts.devices.view.viewport()),
        "plot_hatch": hatch_pixels(plots_of(program)),
        "ages": column_of(program, "@age"),
        "note": note(program),
    }


async def use(program: Program) -> None:
    reconnect.QUIET_AFTER_S = _QUIET_AFTER_S
    await until(lambda: len(program.monitor.fleet) == 6 and program.parts.plots.stack, "the fleet")
    await until(lambda: is_up(program), "both channels")
    await hear_message(program)
    plots_of(program).set_window(300)
    program.shell.frame_clock.tick()
    tell("before", **sight(program))
    await lose_devices(program)
    await lose_messages(program)
    await restart(program)
    await drop(program)
    await stall(program)


async def hear_message(program: Program) -> None:
    """A message brings that channel from "connected" to LIVE."""
    link = program.monitor.link_status
    while link(Channel.MESSAGES).state is not LinkState.LIVE:
        ask("twins:gap=0")
        await asyncio.sleep(0.3)


async def tick(program: Program) -> None:
    """One beat of the window's own clock."""
    beats: list[None] = []
    timer = program.shell.frame_clock._second
    told = timer.timeout.connect(lambda: beats.append(None))
    await until(lambda: beats, "a beat")
    timer.timeout.disconnect(told)


async def lose_devices(program: Program) -> None:
    ask("down+3.5/devices")
    await until(lambda: is_waiting(program, Channel.DEVICES), "the loss of one channel")
    await tick(program)
    tell("one down", **sight(program))
    await tick(program)
    await tick(
        program
    )  # Qt's beats come within a twentieth of a second, ages are cut to whole ones
    tell("one down later", **sight(program))
    await until(lambda: is_up(program), "the channel to come back")
    await until(lambda: "back after" in note(program), "the sentence about it")
    found = program.monitor.coverage.between(("devices", "messages"), 0, 2**60)
    blind = [(i.scope, i.cause.value, i.start_ms, i.end_ms, i.reason) for i in found]
    await tick(program)
    tell("one back", **sight(program), blind=blind)


async def lose_messages(program: Program) -> None:
    ask("down+1.2/messages")
    await until(lambda: is_waiting(program, Channel.MESSAGES), "the loss of the other")
    await tick(program)
    tell("other down", **sight(program))
    await until(lambda: is_up(program), "the other to come back")
    await hear_message(program)
    await until(lambda: "Messages back after" in note(program), "the sentence about it")
    tell("other back", **sight(program))


async def restart(program: Program) -> None:
    ask("restart+1")
    await until(lambda: is_waiting(program), "the loss of both")
    program.shell.frame_clock.tick()
    tell("both down", **sight(program))
    await until(lambda: all(map(is_listening, program.monitor.urls.values())), "the server")
    now_ms = program.monitor.clock.now_ms()
    tries = [program.monitor.link_status(channel).next_try_ms or 0 for channel in Channel]
    pressed_s = time.monotonic()
    buttons = program.parts.link_strip.findChildren(QPushButton)
    button = next(b for b in buttons if b.isVisible() and b.text() == "Try now")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    states = program.monitor.link_status
    waiting = LinkState.WAITING
    await until(lambda: all(states(c).state is not waiting for c in Channel), "the next try")
    took_s = time.monotonic() - pressed_s
    await until(lambda: is_up(program), "both to come back")
    await hear_message(program)
    await until(lambda: "Devices and messages back after" in note(program), "the sentence")
    tell("tried now", took_s=took_s, left_s=(min(tries) - now_ms) / 1000, **sight(program))


def is_listening(url: str) -> bool:
    place = url.removeprefix("ws://").partition("/")[0]
    host, _, port = place.partition(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) == 0


async def drop(program: Program) -> None:
    client.KEEP_ALIVE_S = client.KEEP_ALIVE_TIMEOUT_S = _KEEP_ALIVE_S
    ask("drop")
    await until(lambda: is_waiting(program), "the loss of both")
    program.shell.frame_clock.tick()
    tell("dropped", **sight(program))
    await until(lambda: is_up(program), "both to come back by themselves")
    tell("back by itself", **sight(program))


async def stall(program: Program) -> None:
    trying: list[dict[str, Any]] = []

    def look(status: LinkStatus) -> None:
        if status.state is LinkState.CONNECTING and not trying:
            program.shell.frame_clock.tick()
            trying.append(sight(program))

    program.monitor.link_changed.add(look)
    began_s = time.monotonic()
    ask("stall+5/devices")
    await until(lambda: is_waiting(program, Channel.DEVICES), "the half-open socket to be noticed")
    noticed_s = time.monotonic() - began_s
    program.shell.frame_clock.tick()
    tell("silent", noticed_s=noticed_s, **sight(program))
    await until(lambda: is_up(program), "the channel to come back")
    tell("trying", **trying[0])
    tell("heard again", **sight(program))


if __name__ == "__main__":
    raise SystemExit(main(use))
