"""What nobody understands is counted in the top bar, with a list behind the number."""

from datetime import UTC

from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from tftmonitor.model.alarms.alarm import Alarm, Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.monitor.counters import Counters
from tftmonitor.ui.bars.not_understood import NotUnderstoodButton
from tftmonitor.ui.widgets.alarm_text import device_text

NOW_MS = 1_795_003_200_000


def test_button_is_hidden_until_there_is_something_to_tell(qtbot: QtBot) -> None:
    counters = Counters()
    button = NotUnderstoodButton(counters)
    qtbot.addWidget(button)
    button.show_count(UTC)
    assert button.isHidden()
    counters.note_other("R&D", "devices", NOW_MS, b'{"event":"R&D"}')
    counters.note_invalid("not JSON: 'x'", "messages", NOW_MS, b"x")
    counters.note_invalid("not JSON: 'y'", "messages", NOW_MS, b"y")
    button.show_count(UTC)
    assert not button.isHidden()
    assert button.text() == "3 not understood"
    button.list.aboutToShow.emit()
    assert [action.text() for action in button.list.actions()] == [
        "Unusable: not JSON, messages, 2 times, last 2026-11-18 12:00:00: y",
        'Unknown kind “R&&D”, devices, once, last 2026-11-18 12:00:00: {"event":"R&&D"}',
    ]


def test_long_frame_is_shortened_in_the_list_and_copied_as_it_is_kept(qtbot: QtBot) -> None:
    counters = Counters()
    frame = '{"event":"doorSensor","data":{"device_key":"990000800000002","model":"<b>"}}'
    counters.note_other("doorSensor", "devices", NOW_MS, frame.encode())
    button = NotUnderstoodButton(counters)
    qtbot.addWidget(button)
    button.list.aboutToShow.emit()
    (action,) = button.list.actions()
    assert action.text().endswith(f": {frame[:40]}…")
    assert "&lt;b&gt;" in action.toolTip()
    action.trigger()
    assert QGuiApplication.clipboard().text() == frame


def test_long_list_says_how_many_are_left(qtbot: QtBot) -> None:
    counters = Counters()
    for number in range(45):
        counters.note_other(f"kind {number}", "devices", NOW_MS)
    button = NotUnderstoodButton(counters)
    qtbot.addWidget(button)
    button.list.aboutToShow.emit()
    actions = button.list.actions()
    assert len(actions) == 41
    assert actions[-1].text() == "and 5 others"


def alarm(source: Source, device: str | None = None) -> Alarm:
    return Alarm(
        id=1,
        key="sos",
        name="SOS",
        severity=Severity.CRITICAL,
        first_ms=NOW_MS,
        last_ms=NOW_MS,
        sources=(source,),
        latest=(source,),
        device=device,
    )


def test_alarm_of_the_feed_without_a_device_says_so() -> None:
    assert device_text(alarm(Source.MESSAGE)) == "no device named"
    assert device_text(alarm(Source.LINK)) == "This program"
    assert device_text(alarm(Source.DRILL)) == "This program"
    assert device_text(alarm(Source.MESSAGE, "100")) == "100"
