"""The simulator as a process of its own; what goes wrong is read from standard input.

One fault a line, in the words of ``simulate --fault``, happens at once. ``past`` is an alarm that
a device stored an hour ago, ``number`` an unknown one without a message. Nothing goes wrong by
itself, so that a test knows what it sees.
"""

import asyncio
import sys
import threading

from tftmonitor.base.clock import HOUR_MS, MINUTE_MS, SECOND_MS
from tftmonitor.cli import build_parser
from tftmonitor.cli.simulate import make_server
from tftmonitor.simulator.fleet.alarms import TOWING, UNKNOWN
from tftmonitor.simulator.fleet.kinds import Family
from tftmonitor.simulator.outgoing import encode
from tftmonitor.simulator.server.faults import parse_fault
from tftmonitor.simulator.server.server import SimulatorServer

# The devices of what only this server does; the simulator's own is about the first two.
_PAST_UNIT, _NUMBER_UNIT = 3, 4
_STORED, _STORED_EVERY_MS = 10, 10 * SECOND_MS


async def main() -> None:
    ports = ["--device-port", "0", "--message-port", "0"]
    options = build_parser().parse_args(["simulate", *ports, *sys.argv[1:]])
    server = make_server(options)
    roster = server._world.roster
    roster.agenda._heap.clear()
    # The storm of alarms speaks the numbers of vehicles.
    roster.units[:] = [u for u in roster.units if u.profile.kind.family is Family.VEHICLE]
    stop = asyncio.Event()
    async with server, asyncio.TaskGroup() as acts:
        print(f"devices {server.device_url} messages {server.message_url}", flush=True)
        loop = asyncio.get_running_loop()

        def read() -> None:
            for line in sys.stdin:
                loop.call_soon_threadsafe(obey, line.strip())
            loop.call_soon_threadsafe(stop.set)

        def obey(words: str) -> None:
            if words == "past":
                tell_past(server)
            elif words == "number":
                tell_number(server)
            else:
                running.add(acts.create_task(server.perform(parse_fault(words))))

        running: set[asyncio.Task[None]] = set()
        threading.Thread(target=read, daemon=True).start()
        await stop.wait()
        for act in running:
            act.cancel()


def tell_past(server: SimulatorServer) -> None:
    """An upload of what was stored an hour ago; a single old report could be of a wrong clock."""
    roster, unit = server._world.roster, server._world.roster.units[_PAST_UNIT]
    now_ms = server._now_ms()
    frames = [roster.snapshot(unit, now_ms) for _ in range(_STORED)]
    frames[_STORED // 2] = roster.raise_alarm(unit, TOWING, now_ms)[0]
    for number, (_channel, frame) in enumerate(frames):
        then_ms = now_ms - HOUR_MS + (number - _STORED // 2) * _STORED_EVERY_MS
        frame["data"]["status"] |= {"date": then_ms, "location_date": then_ms - MINUTE_MS}
    server._broadcaster.send([encode(push) for push in frames])


def tell_number(server: SimulatorServer) -> None:
    roster = server._world.roster
    snapshot, _ = roster.raise_alarm(roster.units[_NUMBER_UNIT], UNKNOWN, server._now_ms())
    server._broadcaster.send([encode(snapshot)])


if __name__ == "__main__":
    asyncio.run(main())
