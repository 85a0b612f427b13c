"""What trouble codes mean, and that none is given a meaning that is not its own."""

from pathlib import Path

import pytest

from tftmonitor.base.paths import resource
from tftmonitor.ui.detail.codes import meanings
from tftmonitor.ui.detail.codes.j1939 import FAILURES, TruckCode, truck_code
from tftmonitor.ui.detail.codes.meanings import NO_MEANING, meaning


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("P0420", "Catalyst System Efficiency Below Threshold (Bank 1)"),
        ("p0420", "Catalyst System Efficiency Below Threshold (Bank 1)"),
        ("P0420-00", "Catalyst System Efficiency Below Threshold (Bank 1)"),
        ("C0035", "Left Front Wheel Speed Sensor Circuit Malfunction"),
        ("P0FFF", NO_MEANING),
        ("P0420 <b>x</b>", NO_MEANING),
        ("", NO_MEANING),
    ],
)
def test_a_public_code_has_its_meaning_and_others_have_none(code: str, text: str) -> None:
    assert meaning(code, "J1979") == text


@pytest.mark.parametrize("code", ["P1234", "P3000", "C1201", "B1342", "B2999", "U1000"])
def test_a_code_of_the_maker_is_named_as_such(code: str) -> None:
    assert meaning(code, "J1979") == f"{NO_MEANING} (a code of the vehicle's maker)"


def test_a_lettered_code_of_a_truck_gets_no_meaning_of_cars() -> None:
    assert meaning("P0420", "J1939").startswith(f"{NO_MEANING} (SPN and FMI")


@pytest.mark.parametrize(
    "code", ["100-1", "100/1", "SPN100-FMI1", "SPN 100 / FMI 1", "spn:100:fmi=1", "64000105"]
)
def test_all_usual_forms_of_a_truck_code_are_split(code: str) -> None:
    assert truck_code(code) == TruckCode(100, 1)


def test_the_three_highest_bits_of_an_spn_share_a_byte_with_the_fmi() -> None:
    assert truck_code("BEBE9F01") == TruckCode(0x4BEBE, 31)


@pytest.mark.parametrize(
    "code", ["100", "524288-1", "100-32", "P0420", "64000181", "१-१", "100-1-1", "640001"]
)
def test_what_is_no_truck_code_is_not_split(code: str) -> None:
    assert truck_code(code) is None


def test_every_way_of_failing_has_words() -> None:
    assert len(FAILURES) == 32
    assert all(FAILURES)
    assert FAILURES[31] == "the condition exists"


def test_the_table_is_public_codes_alone_and_its_licence_stands_beside_it() -> None:
    lines = resource("codes", "trouble-codes.tsv").read_text("utf-8").splitlines()
    codes = [line.split("\t")[0] for line in lines]
    assert codes == sorted(set(codes))
    assert len(codes) > 9_000
    assert all(len(line.split("\t")) == 2 and line == line.strip() for line in lines)
    assert "CC0 1.0" in resource("codes", "LICENSE-obdex").read_text("utf-8")


def test_without_the_table_codes_are_shown_all_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    meanings._table.cache_clear()
    monkeypatch.setattr(meanings, "resource", tmp_path.joinpath)
    assert meaning("P0420", "J1979") == NO_MEANING
    meanings._table.cache_clear()
