"""Feeds made-up frames to decoder and monitor: none may raise, none may take long.

A coverage-guided fuzzer (atheris, which is libFuzzer for Python) changes the recorded frames of
``tests/golden``. ``python3 dev.py fuzz`` runs it; what it finds is saved beside its corpus.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

ROOT = Path(__file__).resolve().parents[2]
FRAMES = ROOT / "tests" / "golden" / "frames.jsonl"
# Of CPU; what instrumentation adds is about a factor of five.
LIMIT_S = 0.020
_INSTRUMENTED = 5.0
# So that what a device accumulates does not slow the others down.
_FRAMES_A_MONITOR = 2_000
_NOW_MS = 1_795_000_000_000


def seeds() -> list[bytes]:
    """The recorded frames as inputs: a byte for the channel, then the frame."""
    made = []
    for line in FRAMES.read_text("utf-8").splitlines():
        recorded = msgspec.json.decode(line)
        mark = b"d" if recorded["channel"] == "devices" else b"m"
        made.append(mark + msgspec.json.encode(recorded["frame"]))
    return made


def make_target() -> Callable[[bytes], None]:
    """What is called with each input; raises what decoder or monitor raise, or SlowFrameError."""
    from tftmonitor.base.clock import ManualClock
    from tftmonitor.model.alarms.numbering import CodeResolver
    from tftmonitor.model.alarms.open_alarms import OpenAlarms
    from tftmonitor.model.fleet.fleet import Fleet
    from tftmonitor.monitor.alarm_service import AlarmService
    from tftmonitor.monitor.monitor import Monitor
    from tftmonitor.protocol.channels import Channel
    from tftmonitor.protocol.codec import decode
    from tftmonitor.protocol.long_texts import without_long_texts

    def new_monitor() -> Monitor:
        fleet, clock = Fleet(), ManualClock(_NOW_MS)
        service = AlarmService(OpenAlarms(), None, CodeResolver(), clock, fleet.find)
        return Monitor({}, clock, fleet, service)

    def take(monitor: Monitor, data: bytes) -> float:
        """The seconds of CPU that an input costs."""
        channel = Channel.MESSAGES if data[:1] == b"m" else Channel.DEVICES
        began_s = time.process_time()
        frame = without_long_texts(data[1:])
        monitor.receiver.receive(channel, decode(channel, frame), frame, _NOW_MS)
        return time.process_time() - began_s

    monitor, taken = new_monitor(), 0

    def target(data: bytes) -> None:
        nonlocal monitor, taken
        taken += 1
        if taken % _FRAMES_A_MONITOR == 0:
            monitor = new_monitor()
        took_s = take(monitor, data)
        if took_s > LIMIT_S * _INSTRUMENTED:
            # Or it was the garbage of thousands of others.
            took_s = min(take(new_monitor(), data) for _ in range(3))
        if took_s > LIMIT_S * _INSTRUMENTED:
            raise SlowFrameError(f"{took_s * 1000:.0f} ms of CPU for {len(data)} bytes")

    return target


class SlowFrameError(Exception):
    """A frame that would hold the window up."""


def main() -> int:
    """Fuzz with the arguments of libFuzzer; the exit code is its own."""
    try:
        import atheris
    except ImportError:
        print("atheris is not installed: see tests/fuzz/requirements.txt", file=sys.stderr)
        return 2
    corpus = Path(__file__).with_name("corpus")
    corpus.mkdir(exist_ok=True)
    for number, seed in enumerate(seeds()):
        (corpus / f"golden-{number:02}").write_bytes(seed)
    with atheris.instrument_imports(include=["tftmonitor.protocol", "tftmonitor.model"]):
        target = make_target()
    limits = ["-max_len=65536", "-timeout=20", f"-artifact_prefix={corpus.parent}/found-"]
    atheris.Setup([sys.argv[0], str(corpus), *limits, *sys.argv[1:]], target)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
