"""The command ``simulate``: a server with the push protocol and a made-up fleet."""

import argparse
import asyncio
import os
import signal
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from tftmonitor.base.clock import SECOND_MS
from tftmonitor.base.secret_variables import PASSWORD_VARIABLE
from tftmonitor.simulator.feeds.live import RateFeed, WorldFeed
from tftmonitor.simulator.feeds.replay import ReplayFeed
from tftmonitor.simulator.fleet.world import World
from tftmonitor.simulator.outgoing import Feed
from tftmonitor.simulator.server.faults import Fault, parse_fault, parse_script
from tftmonitor.simulator.server.server import SimulatorServer

_BAD_INPUT = 2
_DEFAULT_DEVICE_PORT = 8443
_DEFAULT_MESSAGE_PORT = 8444
_DEFAULT_HTTP_PORT = 8445


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the flags of ``simulate``."""
    parser.add_argument("--devices", type=int, default=20, metavar="N", help="size of the fleet")
    parser.add_argument(
        "--rate", type=float, metavar="R", help="frames a second in all; else the fleet's own pace"
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--device-port", type=int, default=_DEFAULT_DEVICE_PORT, metavar="PORT")
    parser.add_argument("--message-port", type=int, default=_DEFAULT_MESSAGE_PORT, metavar="PORT")
    parser.add_argument(
        "--http-port",
        type=int,
        metavar="PORT",
        nargs="?",
        const=_DEFAULT_HTTP_PORT,
        help="serve the list of devices with names over HTTP as well",
    )
    parser.add_argument("--seed", type=int, default=1, help="equal seeds give equal fleets")
    parser.add_argument("--start", metavar="TIME", help="first time of the fleet: ISO 8601 or ms")
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="SPEC",
        help="KIND[@AT][+FOR][/CHANNEL][:key=value,...], e.g. down@10+5/messages; repeatable",
    )
    parser.add_argument("--script", type=Path, metavar="FILE", help="one fault a line")
    _add_replay_arguments(parser)
    parser.add_argument("--user", help=f"only this one signs in; password in {PASSWORD_VARIABLE}")
    parser.add_argument("--log", type=Path, metavar="FILE", help="write every sent frame here")
    parser.add_argument(
        "--no-initial", action="store_true", help="no snapshot of every device on sign-in"
    )
    parser.add_argument("--for", type=float, dest="for_s", metavar="SECONDS", help="then end")


def _add_replay_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--replay", type=Path, metavar="FILE", help="send recorded frames instead of a fleet's"
    )
    parser.add_argument(
        "--speed",
        type=float,
        default=1.0,
        metavar="N",
        help="times the recording's own pace; 0 waits for nothing; gaps over 60 s become 2 s",
    )
    parser.add_argument(
        "--replay-wait",
        choices=("on", "off"),
        default="on",
        help="begin when a client is signed in on every channel of the recording",
    )
    parser.add_argument(
        "--exit-at-end", action="store_true", help="end after the last recorded frame"
    )


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted; the exit code of the program."""
    try:
        return asyncio.run(simulate(args))
    except (OSError, ValueError) as error:
        sys.stderr.write(f"simulate: {error}\n")
        return _BAD_INPUT


async def simulate(args: argparse.Namespace) -> int:
    """Serve on the running loop until SIGINT, SIGTERM, ``--for`` or ``--exit-at-end`` ends it."""
    server = make_server(args)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    with suppress(NotImplementedError):  # loops of other systems
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
    async with server:
        also = f" http {server.http.url}" if server.http is not None else ""
        print(f"devices {server.device_url} messages {server.message_url}{also}", flush=True)
        waits = [asyncio.create_task(stop.wait())]
        if args.exit_at_end:
            waits.append(asyncio.create_task(server.ended.wait()))
        await asyncio.wait(waits, timeout=args.for_s, return_when=asyncio.FIRST_COMPLETED)
        for task in waits:
            task.cancel()
    return 0


def make_server(args: argparse.Namespace) -> SimulatorServer:
    """The server that the arguments describe; ValueError or OSError say what is wrong."""
    if args.devices < 1:
        raise ValueError("--devices must be at least 1")
    world = World(args.devices, args.seed, parse_time(args.start), routine=args.rate is None)
    return SimulatorServer(
        world,
        _feed(args, world),
        host=args.host,
        device_port=args.device_port,
        message_port=args.message_port,
        http_port=args.http_port,
        users=_users(args),
        initial=not args.no_initial,
        faults=_faults(args),
        log=args.log,
    )


def _feed(args: argparse.Namespace, world: World) -> Feed:
    if args.replay is not None:
        if args.rate is not None:
            raise ValueError("--rate and --replay exclude each other")
        wait = args.replay_wait == "on"
        return ReplayFeed.from_file(args.replay, speed=args.speed, wait=wait)
    return WorldFeed(world) if args.rate is None else RateFeed(world, args.rate)


def _faults(args: argparse.Namespace) -> list[Fault]:
    faults = [parse_fault(text) for text in args.fault]
    if args.script is not None:
        faults += parse_script(args.script.read_text("utf-8").splitlines())
    return faults


def _users(args: argparse.Namespace) -> dict[str, str] | None:
    if args.user is None:
        return None
    password = os.environ.get(PASSWORD_VARIABLE)
    if not password:
        raise ValueError(f"--user needs the password in {PASSWORD_VARIABLE}")
    return {args.user: password}


def parse_time(text: str | None) -> int:
    """Milliseconds since 1970 from ISO 8601 (UTC unless it says otherwise) or from ms; now."""
    if text is None:
        return time.time_ns() // 1_000_000
    if text.isdecimal():
        return int(text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"--start {text!r} is neither ISO 8601 nor milliseconds") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return round(moment.timestamp() * SECOND_MS)
