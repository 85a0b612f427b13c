"""What a text without number says about which alarm it means."""

import pytest

from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.identity import of_message
from tftmonitor.model.alarms.wording import (
    has_same_wording,
    kinds_in,
    may_mean,
    names_kind,
    text_key,
)


@pytest.mark.parametrize(
    "text",
    ["Over speed 121 km/h", "over speed 7 km/h", "Over  speed 98.5 km/h", "OVER SPEED ٩٩ km/h"],
)
def test_numbers_do_not_make_another_alarm(text: str) -> None:
    assert text_key("1", text) == "text:1:over speed # km/h"


def test_time_and_date_in_a_text_are_numbers_too() -> None:
    first = text_key("", "Kühlung aus seit 12:31 am 24.11.2026")
    assert first == text_key("", "Kühlung aus seit 9:05 am 3-2-2027")


def test_texts_that_differ_in_numbers_have_the_same_wording() -> None:
    assert has_same_wording("Speed 120", "speed  7")
    assert not has_same_wording("Speed 120", "Speeding 120")


def test_sender_and_wording_make_another_alarm() -> None:
    assert text_key("1", "Help") != text_key("2", "Help")
    assert text_key("1", "Help") != text_key("1", "Help me")
    assert text_key(" ", "Help") == "text:help"


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("SOS alarm of VAN-12", ["sos"]),
        ("车辆 粤B·12345 SOS求救报警", ["sos"]),
        ("Sosnowka left", []),
        ("Сработала кнопка SOS!", ["sos"]),
        ("Turn-over or collision", ["collision", "turn_over"]),
    ],
)
def test_alarms_are_found_by_their_whole_names(text: str, keys: list[str]) -> None:
    assert sorted(kind.key for kind in kinds_in(text)) == keys
    assert names_kind(text, "sos") is ("sos" in keys)


@pytest.mark.parametrize(
    ("text", "may"),
    [
        ("求救报警", True),
        ("Тревога: нажата кнопка", True),
        ("زر الطوارئ", True),
        ("Notruf ausgelöst", True),
        ("Device 7: emergencia", True),
        ("SOS over speed", True),
        ("Over speed 120", False),
        ("Sosnowka left", False),
        ("ignition on without key", False),
    ],
)
def test_text_in_another_language_may_mean_what_came_with_it(text: str, may: bool) -> None:
    assert may_mean(text, "sos") is may


@pytest.mark.parametrize(
    ("text", "key", "may"),
    [
        ("Power cut", "external_power_lost", True),
        ("Vehicle power disconnected", "external_power_lost", True),
        ("Vehicle power disconnected", "external_power_low", False),
        ("Tracker power low", "external_power_lost", False),
        ("You left geofence 7", "geofence_out", True),
        ("You left geofence 7", "geofence_in", False),
    ],
)
def test_text_means_what_it_has_the_most_words_in_common_with(
    text: str, key: str, may: bool
) -> None:
    assert may_mean(text, key) is may


def test_text_may_mean_one_of_several() -> None:
    assert may_mean("Over speed 120", "code:4", ("box_opened", "over_speed"))


def test_text_that_names_an_alarm_is_as_severe() -> None:
    assert of_message(None, None, "VAN-12: SOS!", "1").severity is Severity.CRITICAL
    assert of_message(None, None, "Ignition on without key", "1").severity is Severity.WARNING
