"""J: twelve hours of a fleet's own traffic as fast as they go, and the RSS meanwhile."""

from tests.bench.bench_process import stand
from tests.bench.bench_table import Row

_DEVICES = 50
_HOURS = 12.0
_TENTHS = 20


def measure(_rounds: int) -> list[Row]:
    """One run; RSS after each twentieth."""
    with stand(1) as tested:
        ours = tested.add("program", "bench_program.py")
        world = tested.sender.ask("world", devices=_DEVICES, hours=_HOURS)
        found, sent, alarms = [], 0, 0
        for part in range(_TENTHS):
            ours.ask("mark")
            step = tested.sender.ask("live", name="program", until=(part + 1) / _TENTHS)
            ours.ask("await", count=step["sent"])
            ours.ask("drain")
            sent, alarms = sent + step["sent"], alarms + step["alarms"]
            if part == 1:
                ours.ask("look")
            found.append(ours.ask("rss")["mb"])
        facts = ours.ask("facts")
    print(f"   {world['devices']} devices, {sent} messages, {alarms} with alarms: {facts}")
    print("   RSS in MiB:", *(f"{value:.1f}" for value in found))
    growth = (found[-1] / found[1] - 1) * 100
    half = (found[-1] / found[_TENTHS // 2 - 1] - 1) * 100
    return [
        Row(
            "J",
            f"RSS after the first tenth of {_HOURS:g} h, {_DEVICES} devices",
            "% more",
            growth,
            None,
            None,
            None,
            "under 2",
            growth < 2,
        ),
        Row(
            "J", "the same after the first half, when every series is full", "% more", half, goal=""
        ),
    ]
