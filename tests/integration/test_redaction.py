"""A server that sends back what signed in: it is in no file, on no screen, not in `watch`."""

import asyncio
import gc
import json
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import pytest
from websockets.asyncio.server import ServerConnection, serve

from tftmonitor.base import backoff, redaction
from tftmonitor.base.clock import SystemClock
from tftmonitor.base.logs import start_logging
from tftmonitor.history.journal import Journal
from tftmonitor.history.journal_thread import JournalThread
from tftmonitor.model.alarms.numbering import CodeResolver
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.model.fields.status import STATUS_FIELDS
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.monitor.alarm_service import AlarmService
from tftmonitor.monitor.monitor import Monitor
from tftmonitor.monitor.state_store import StateStore
from tftmonitor.protocol.channels import Channel, Credential
from tftmonitor.protocol.codec import unmodelled
from tftmonitor.protocol.link_status import LinkStatus
from tftmonitor.settings import credentials

PASSWORD = "Open-Sesame7"
ACCOUNT = Credential.from_password("demo", PASSWORD)
DIGEST = ACCOUNT.password_md5
SECRETS = (DIGEST, DIGEST.upper(), PASSWORD, DIGEST[:20], DIGEST[12:])
LIMIT_S = 20.0
ROOT = Path(__file__).resolve().parents[2]


def snapshot(imei: str, **data: Any) -> dict[str, Any]:
    status = {"date": SystemClock().now_ms(), "speed": 1} | data.pop("status", {})
    return {"event": "snapshot", "data": {"imei": imei, **data, "status": status}, "error": 0}


def device_frames() -> list[Any]:
    return [
        snapshot("1", key_of_yours=DIGEST, status={"comment": f"you are {DIGEST}"}),
        snapshot("2", model=DIGEST.upper(), status={"unknown": [DIGEST], "address": DIGEST}),
        snapshot("3", device_key=DIGEST, id=f"id {DIGEST}", status={"input": DIGEST}),
        snapshot(DIGEST.upper()),
        snapshot("4", status={"speed": f"fast {DIGEST}", "cur_event": f"SOS of {DIGEST}"}),
        {"event": "obd", "data": {"imei": "1", "dtc": [{"code": DIGEST}], "x": DIGEST}},
        {"event": DIGEST, "data": {"imei": "1", "alarm": f"Theft by {DIGEST}"}},
        f"no JSON {DIGEST}",
        snapshot("9"),
    ]


def message_frames() -> list[Any]:
    alarm = {"imei": "1", "alarm_name": f"Panic {DIGEST}", "address": PASSWORD, "event": DIGEST}
    return [
        {"type": "messagePass", "from_id": "7", "from_name": DIGEST, "message": PASSWORD},
        {"type": "messagePass", "from_id": "1", "message": f"SOS {DIGEST}!", "alarm_msg": alarm},
        {"type": "messagePass", "from_id": "1", "alarm_msg": json.dumps(alarm)},
        {"type": "downloadAllow", "url": f"https://x.example/{DIGEST}", "name": PASSWORD},
        {"type": f"new {DIGEST}", "alarm": f"Collision {DIGEST.upper()}", "pw": PASSWORD},
        {"type": "messagePass", "from_id": "0", "message": "the last one"},
    ]


class Echo:
    """Sends all that, and says goodbye with the digest as often as one comes back."""

    def __init__(self) -> None:
        self.urls: dict[Channel, str] = {}
        self._servers: list[Any] = []

    async def __aenter__(self) -> Self:
        for channel, frames in (
            (Channel.DEVICES, device_frames()),
            (Channel.MESSAGES, message_frames()),
        ):

            async def speak(socket: ServerConnection, frames: list[Any] = frames) -> None:
                await socket.recv()
                for frame in frames:
                    await socket.send(frame if isinstance(frame, str) else json.dumps(frame))
                await asyncio.sleep(0.3)
                await socket.close(4001, f"bad digest {DIGEST.upper()} {PASSWORD}")

            server = await serve(speak, "127.0.0.1", 0, compression=None)
            self._servers.append(server)
            self.urls[channel] = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        for server in self._servers:
            server.close()
            await server.wait_closed()


@pytest.fixture(autouse=True)
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The program's log, in the profile."""
    monkeypatch.setattr(backoff, "FIRST_S", 0.05)
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    file = tmp_path / "tftmonitor.log"
    start_logging(file=file)
    yield file
    for handler in set(root.handlers) - set(handlers):
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


def leaks(text: str) -> list[str]:
    """Where a secret is in it; longer quotes of it are what a failure is read from."""
    return [text[max(0, n - 60) : n + 40] for s in SECRETS if (n := text.find(s)) >= 0]


class Screen:
    """The headless program with its journal, and all texts that a window can show of it."""

    def __init__(self, profile: Path) -> None:
        clock = SystemClock()
        self.fleet, self.alarms = Fleet(), OpenAlarms()
        self.journal = JournalThread(Journal.open(profile / "history.sqlite3", clock))
        self.service = AlarmService(
            self.alarms, self.journal, CodeResolver(), clock, self.fleet.find
        )
        self.statuses: list[LinkStatus] = []

    def monitor(self, urls: dict[Channel, str]) -> tuple[Monitor, StateStore]:
        clock = SystemClock()
        monitor = Monitor(urls, clock, self.fleet, self.service)
        monitor.link_changed.add(self.statuses.append)
        pipeline = self.service.pipeline
        state = StateStore(
            self.journal, pipeline, self.fleet, monitor.inbox, monitor.coverage, clock
        )
        return monitor, state

    def reasons(self) -> list[str]:
        return [status.reason for status in self.statuses if status.reason]

    def texts(self, monitor: Monitor) -> str:
        now_ms = SystemClock().now_ms()
        found: list[Any] = [self.statuses, monitor.counters, self.alarms.all()]
        found += [monitor.inbox.items]
        for device in self.fleet:
            found += [device.key, device.label, device.model, device.imei, device.id]
            found += [device.device_key, device.problems, device.records, device.frames]
            found += [unmodelled(frame) for frame in device.frames.values()]
            if device.status is not None:
                found += [field.examine(device.status, now_ms) for field in STATUS_FIELDS]
                found += [field.read(device.status, now_ms) for field in STATUS_FIELDS]
        return "\n".join(map(repr, found))


async def until(holds: Any) -> None:
    async with asyncio.timeout(LIMIT_S):
        while not holds():  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.02)


async def play(profile: Path) -> tuple[str, str]:
    """What can be seen during the session and after it."""
    screen = Screen(profile)
    async with Echo() as server:
        monitor, state = screen.monitor(server.urls)
        run = asyncio.create_task(screen.service.run())
        await monitor.sign_in(ACCOUNT)
        # Everything came, and each link was lost twice.
        await until(lambda: len(screen.reasons()) >= 4)
        await until(lambda: screen.fleet.find("9") and len(screen.alarms.all()) > 3)
        await screen.service.drain()
        during = screen.texts(monitor)
        await monitor.sign_out()
        # From there on nobody knows what to look for.
        await until(lambda: gc.collect() >= 0 and not redaction._live)
        after = screen.texts(monitor)
        await screen.service.drain()
        await state.keep(with_cadence=True)
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)
        await screen.journal.close()
    return during, after


def test_neither_files_nor_screen_have_it(tmp_path: Path, log: Path) -> None:
    during, after = asyncio.run(play(tmp_path))
    assert "Panic [redacted]" in during
    assert "bad digest [redacted]" in during
    assert "bad digest [redacted]" in log.read_text()
    assert leaks(during) == []
    assert leaks(after) == []
    logging.getLogger("x").info("after the session")
    for file in tmp_path.iterdir():
        if file.is_file():
            assert leaks(file.read_bytes().decode("utf-8", "replace")) == [], file.name
    assert b"Panic [redacted]" in (tmp_path / "history.sqlite3").read_bytes()


def test_watch_has_it_neither_in_lines_nor_in_words() -> None:
    async def serve_and_watch() -> tuple[bytes, bytes]:
        async with Echo() as server:
            urls = ["--device-url", server.urls[Channel.DEVICES]]
            urls += ["--message-url", server.urls[Channel.MESSAGES]]
            watch = await asyncio.create_subprocess_exec(
                *(
                    sys.executable,
                    "-m",
                    "tftmonitor",
                    "watch",
                    "--user",
                    "demo",
                    "--for",
                    "3",
                    *urls,
                ),
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env=os.environ | {credentials.PASSWORD_VARIABLE: PASSWORD},
                cwd=ROOT,
            )
            return await watch.communicate()

    lines, words = (text.decode() for text in asyncio.run(serve_and_watch()))
    assert "[redacted]" in lines
    assert '"imei":"9"' in lines
    assert "closed by the server (bad digest [redacted]" in words
    assert leaks(lines) == []
    assert leaks(words) == []
