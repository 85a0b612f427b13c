"""G: RSS of the window without devices, and of each device with an hour of samples."""

from tests.bench.bench_process import stand
from tests.bench.bench_table import Row

_DEVICES = 4_000
_SAMPLES, _STEP_S = 360, 10.0
_CHANNELS = 5
_BACK_MS = 2 * 3_600_000


def measure(_rounds: int) -> list[Row]:
    """One fill: memory does not jitter as time does."""
    with stand(_DEVICES) as tested:
        bare = tested.add_idle("window", "bench_window.py", "idle")
        ours = tested.add("program", "bench_program.py")
        # By then the plots are there, and what the start left behind was thrown away.
        ours.ask("sleep", seconds=8)
        window_mb, empty_mb = bare.ask("rss")["mb"], ours.ask("rss")["mb"]
        # The panes that a device opens are the window's, not each device's.
        ours.ask("mark")
        tested.sender.ask("flood", name="program", count=1, back_ms=_BACK_MS)
        ours.ask("await", count=1)
        ours.ask("sleep", seconds=2)
        one_mb = ours.ask("rss")["mb"]
        ours.ask("mark")
        sent = tested.sender.ask("hours", name="program", samples=_SAMPLES, step_s=_STEP_S)
        ours.ask("await", count=sent["sent"])
        ours.ask("sleep", seconds=2)
        each_kb = (ours.ask("rss")["mb"] - one_mb) * 1024 / _DEVICES
        samples = ours.ask("facts")["samples"]
    if samples != _SAMPLES * _DEVICES + 1:
        raise RuntimeError(f"{samples} samples are kept of {_SAMPLES * _DEVICES + 1}")
    values_kb = _SAMPLES * _CHANNELS * 8 / 1024
    return [
        Row(
            "G",
            "RSS of the window without devices",
            "MiB",
            empty_mb,
            window_mb,
            None,
            empty_mb / window_mb,
            "1.2 or less",
            empty_mb / window_mb <= 1.2,
        ),
        Row(
            "G",
            "each device with an hour at 10 s, beside 8 bytes a value",
            "kB",
            each_kb,
            values_kb,
            None,
            each_kb / values_kb,
            "14 or less",
            each_kb <= 14,
        ),
    ]
