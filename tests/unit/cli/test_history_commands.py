"""`record` and `history` on the command line, as far as they need no server."""

import json
from pathlib import Path

import pytest

from tests.unit.history.samples.pushes import T0, push
from tftmonitor.cli import build_parser, main
from tftmonitor.cli.record import run as run_record
from tftmonitor.history.samples.retention import DEFAULTS
from tftmonitor.history.samples.store import SampleStore
from tftmonitor.history.samples.stored import Pending
from tftmonitor.model.coverage import BlindInterval, Blindness


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    store = SampleStore(tmp_path, T0)
    blind = [
        BlindInterval("devices", Blindness.LINK, T0, T0 + 3_661_500),
        BlindInterval("messages", Blindness.LINK, T0),
    ]
    rows = [push("1", 1), push("1", 5), push("", 7, channel="messages")]
    store.write(Pending(rows=rows, blind=blind, labels={"1": "TLW2"}), T0)
    store.close()
    return tmp_path


def test_devices_and_blind_time_are_told_in_words(
    profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["history", "--profile", str(profile)]) == 0
    nobody, device, devices, messages = capsys.readouterr().out.splitlines()
    assert nobody.startswith("(no device): 1 pushes")
    assert device.startswith("1 (TLW2): 2 pushes from ")
    assert devices == "nothing from devices: 1 times, 1 h 01 min 01.5 s"
    assert messages == "nothing from messages: 1 times, 0 h 00 min 00.0 s, 1 still lasting"


def test_the_same_as_json(profile: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["history", "--profile", str(profile), "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["kind"] for line in lines] == ["device", "device", "blind", "blind"]
    assert lines[1]["count"] == 2
    assert lines[2]["seconds"] == 3661.5


def test_no_history_is_said_and_is_a_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["history", "--profile", str(tmp_path)]) == 1
    assert "no recorded history" in capsys.readouterr().err


def test_bounds_are_options_with_the_defaults_of_the_store() -> None:
    options = build_parser().parse_args(["record", "--user", "u"])
    assert options.run is run_record
    assert options.keep_days == 90 == DEFAULTS.age_ms / 86_400_000
    assert options.keep_size == 5 == DEFAULTS.size / 1e9


@pytest.mark.parametrize("more", [["--keep-days", "0"], ["--keep-size", "nan"], ["--for", "-1"]])
def test_bounds_that_are_none_are_refused(more: list[str]) -> None:
    with pytest.raises(SystemExit) as error:
        main(["record", "--user", "u", *more])
    assert error.value.code == 2


def test_account_is_needed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["record", "--profile", str(tmp_path)]) == 2
    assert "--user" in capsys.readouterr().err
