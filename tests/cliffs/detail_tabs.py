"""The tabs of one device: tables that follow each push."""

from typing import Any

from tests.cliffs.situation import Act, Situation, new_harness
from tests.ui.detail.bench import DetailBench


def _tyres(sensors: int) -> Act:
    bench = DetailBench(new_harness())

    def push(turn: int) -> None:
        rows = [
            {"mac": f"A{n:03d}", "airPressure": 700 + turn * 3 + n / 7, "airTemp": 20 + turn}
            for n in range(sensors)
        ]
        bench.send("bleTire", bleDataList=rows)

    push(-1)
    bench.section("Tyres", "bleTire")
    return push


def _codes(codes: int) -> Act:
    bench = DetailBench(new_harness())

    def push(turn: int) -> None:
        bench.clock.advance(60)
        data = ";".join(f"P{n + turn % 2:04d}" for n in range(codes))
        bench.send("obdErrorInfo", errorCode="J1979", errorData=data, date=bench.clock.now_ms())

    push(-1)
    bench.section("Codes", "obdErrorInfo")
    return push


def _unknown_keys(tab: str, keys: int) -> Act:
    bench = DetailBench(new_harness())

    def push(turn: int) -> None:
        status: dict[str, Any] = {f"unknown_{n}": n + turn for n in range(keys)}
        bench.snapshot(**status)

    push(-1)
    bench.pane.show_device("1")
    bench.pane.show_tab(tab)
    return push


SITUATIONS = (
    Situation("tyres tab, all change", "sensors", (8, 40, 160), 160, _tyres, (8, 80)),
    Situation("codes tab, all change", "codes", (8, 40, 160), 160, _codes, (8, 80)),
    Situation(
        "raw tab, unknown keys",
        "keys",
        (500, 5_000, 20_000),
        20_000,
        lambda keys: _unknown_keys("Raw", keys),
        (1_100, 4_400),
        is_bounded=True,
    ),
    Situation(
        "fields tab, unknown keys",
        "keys",
        (500, 5_000, 20_000),
        20_000,
        lambda keys: _unknown_keys("Fields", keys),
        (1_100, 4_400),
        is_bounded=True,
    ),
)
