from itertools import pairwise

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tftmonitor.base.clock import ManualClock
from tftmonitor.model.alarms.alarm import Alarm, Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.settings.store import SettingsStore
from tftmonitor.ui.bars.banner import Banner
from tftmonitor.ui.theme.theme import DARK, LIGHT, contrast, install_theme
from tftmonitor.ui.widgets.elided_label import ElidedLabel

NOW_MS = 1_795_003_200_000


def alarm(number: int, severity: Severity, name: str = "SOS", **more: object) -> Alarm:
    made = Alarm(
        number,
        name,
        name,
        severity,
        NOW_MS - 15_000,
        NOW_MS - 15_000,
        (Source.SNAPSHOT,),
        (Source.SNAPSHOT,),
        device="d1",
        device_name="VAN-12",
    )
    return replace(made, **more)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW_MS)


@pytest.fixture
def banner(qtbot: QtBot, clock: ManualClock, settings: SettingsStore) -> Banner:
    made = Banner(clock, settings)
    qtbot.addWidget(made)
    return made


def texts(banner: Banner) -> list[str]:
    shown = [label for label in banner.findChildren(QLabel) if label.isVisible()]
    return [label.text() for label in shown if label.text()]


def buttons(banner: Banner) -> dict[str, QPushButton]:
    return {b.text(): b for b in banner.findChildren(QPushButton) if b.isVisible()}


def test_it_is_there_only_while_something_waits(banner: Banner) -> None:
    assert banner.isHidden()
    banner.show_alarms([alarm(1, Severity.CRITICAL)])
    assert banner.isVisible()
    banner.show_alarms([])
    assert banner.isHidden()


def test_it_names_the_worst_alarm_and_counts_the_rest(banner: Banner) -> None:
    waiting = [
        alarm(1, Severity.CRITICAL),
        alarm(2, Severity.CRITICAL, "Towing"),
        alarm(3, Severity.WARNING, "Vibration"),
    ]
    banner.show_alarms(waiting)
    assert texts(banner) == ["2 CRITICAL", "VAN-12  SOS", "11:59:45 (15 s)"]
    assert buttons(banner)["+2 more"].accessibleName() == "Show all 3 alarms that wait"
    assert banner.accessibleName() == "2 CRITICAL: VAN-12  SOS, 11:59:45 (15 s) +2 more"
    banner.show_alarms(waiting[:1])
    assert texts(banner) == ["1 CRITICAL", "VAN-12  SOS", "11:59:45 (15 s)"]


def test_age_runs_on_each_beat(banner: Banner, clock: ManualClock) -> None:
    banner.show_alarms([alarm(1, Severity.CRITICAL)])
    clock.advance(46)
    banner.tick()
    assert "11:59:45 (1 min)" in texts(banner)


def parts(banner: Banner) -> list[QWidget]:
    kinds = (*banner.findChildren(QLabel), *banner.findChildren(QPushButton))
    shown = [part for part in kinds if part.isVisible()]
    return sorted(shown, key=lambda part: part.x())


def time_of(banner: Banner) -> ElidedLabel:
    (found,) = (label for label in banner.findChildren(ElidedLabel) if label.text().endswith(")"))
    return found


@pytest.mark.parametrize("width", [900, 800, 640])
def test_age_is_never_cut_and_covers_nothing(
    banner: Banner, clock: ManualClock, width: int
) -> None:
    clock.advance(-6)
    waiting = [alarm(1, Severity.CRITICAL, "External power disconnected"), alarm(2, Severity.HIGH)]
    banner.resize(width, 40)
    banner.show_alarms(waiting)
    for _ in range(120):
        time = time_of(banner)
        assert time.shown_text.rstrip(")").endswith((" s", " min"))
        assert time.fontMetrics().horizontalAdvance(time.shown_text) <= time.width()
        for left, right in pairwise(parts(banner)):
            assert left.geometry().right() < right.x()
        clock.advance(1)
        banner.tick()


def test_time_of_day_gives_way_to_the_name_unless_it_says_more(banner: Banner) -> None:
    named = alarm(1, Severity.CRITICAL, "A name " * 9)
    banner.resize(1200, 40)
    banner.show_alarms([named])
    assert time_of(banner).shown_text == "11:59:45 (15 s)"
    banner.resize(800, 40)
    assert time_of(banner).shown_text == "15 s"
    banner.show_alarms([replace(named, doubtful=True)])
    assert time_of(banner).shown_text.startswith("11:59:45 (time doubtful) (")


def test_late_alarm_is_marked(banner: Banner) -> None:
    banner.show_alarms([alarm(1, Severity.CRITICAL, late=True, device_ms=NOW_MS - 3_600_000)])
    assert "LATE 11:00:00 (1 h 0 min)" in texts(banner)


def test_buttons_carry_the_alarm_that_is_named(banner: Banner) -> None:
    asked: list[object] = []
    banner.acknowledge_requested.connect(asked.append)
    banner.show_requested.connect(asked.append)
    banner.silence_requested.connect(lambda: asked.append("silence"))
    # A journal that could not be read numbers alarms by the clock: more than 32 bits.
    banner.show_alarms([alarm(NOW_MS, Severity.CRITICAL)])
    for text in ("Ack F8", "Silence F9", "Show"):
        buttons(banner)[text].click()
    assert asked == [NOW_MS, "silence", NOW_MS]


def test_nothing_moves_under_the_pointer_when_more_alarms_wait(banner: Banner) -> None:
    banner.resize(1100, 40)
    banner.show_alarms([alarm(1, Severity.CRITICAL)])
    places = {text: button.geometry() for text, button in buttons(banner).items()}
    banner.show_alarms([alarm(n, Severity.CRITICAL) for n in range(1, 14)])
    shown = buttons(banner)
    assert shown["+12 more"].isVisible()
    assert {text: shown[text].geometry() for text in places} == places
    quiet = [alarm(n, Severity.CRITICAL, silenced_ms=NOW_MS) for n in range(1, 14)]
    banner.show_alarms(quiet)
    assert buttons(banner)["Ack F8"].geometry() == places["Ack F8"]
    assert buttons(banner)["Silenced"].geometry() == places["Silence F9"]


def test_key_is_named_only_while_it_would_take_this_alarm(banner: Banner) -> None:
    taken = {1}
    banner.set_key_target(taken.__contains__)
    banner.show_alarms([alarm(1, Severity.CRITICAL)])
    assert "Ack F8" in buttons(banner)
    taken.clear()
    banner.show_key()
    assert "Ack" in buttons(banner)
    assert "F8" not in buttons(banner)["Ack"].accessibleName()
    banner.show_alarms([alarm(2, Severity.CRITICAL, drill=True)])
    assert "Acknowledge drill" in buttons(banner)


def test_silence_is_not_offered_twice(banner: Banner) -> None:
    banner.show_alarms([alarm(1, Severity.CRITICAL, silenced_ms=NOW_MS)])
    assert not buttons(banner)["Silenced"].isEnabled()
    banner.show_alarms(
        [alarm(1, Severity.CRITICAL, silenced_ms=NOW_MS), alarm(2, Severity.WARNING)]
    )
    assert buttons(banner)["Silence F9"].isEnabled()


def test_drill_says_what_it_is(banner: Banner) -> None:
    banner.show_alarms([alarm(1, Severity.CRITICAL, drill=True, device=None, device_name="")])
    assert "This program  DRILL: SOS" in texts(banner)
    assert "Acknowledge drill (F8)" in buttons(banner)


def test_it_has_no_way_to_be_closed(banner: Banner) -> None:
    banner.show_alarms([alarm(1, Severity.CRITICAL)])
    assert set(buttons(banner)) == {"Ack F8", "Silence F9", "Show"}


def test_server_text_is_plain(banner: Banner) -> None:
    banner.show_alarms([alarm(1, Severity.CRITICAL, "<b>x</b>\ny")])
    assert "VAN-12  <b>x</b> y" in texts(banner)
    formats = {label.textFormat() for label in banner.findChildren(QLabel) if label.text()}
    assert formats == {Qt.TextFormat.PlainText}


def test_long_names_give_way_to_the_buttons(banner: Banner) -> None:
    banner.show_alarms([alarm(1, Severity.CRITICAL, "x" * 200)] * 40)
    banner.resize(700, banner.sizeHint().height())
    assert banner.width() == 700
    for button in buttons(banner).values():
        assert button.width() >= button.sizeHint().width()
        assert button.geometry().right() < 700


@pytest.mark.parametrize("severity", list(Severity))
@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_text_is_readable_on_every_colour(
    banner: Banner, qapp: QApplication, severity: Severity, theme: object
) -> None:
    install_theme(qapp, LIGHT if theme is LIGHT else DARK)
    banner.show_alarms([alarm(1, severity), alarm(2, severity)])
    role = QPalette.ColorRole
    ground = banner.palette().color(role.Window).name()
    for label in filter(QLabel.text, banner.findChildren(QLabel)):
        ink = label.palette().color(label.foregroundRole()).name()
        assert contrast(ink, ground) >= 4.5
    install_theme(qapp, LIGHT)


def test_what_is_over_is_less_than_what_is_active(banner: Banner) -> None:
    banner.show_alarms([alarm(1, Severity.CRITICAL), alarm(2, Severity.CRITICAL, active=False)])
    assert "2 CRITICAL" in texts(banner)
    ground = banner.palette().color(QPalette.ColorRole.Window).name()
    assert ground == LIGHT.critical.fill
    banner.show_alarms([alarm(2, Severity.CRITICAL, active=False)])
    assert "1 CRITICAL, ENDED" in texts(banner)
    ground = banner.palette().color(QPalette.ColorRole.Window).name()
    assert ground == LIGHT.raised


def test_sos_is_urgent_also_when_the_next_report_has_none(banner: Banner) -> None:
    banner.show_alarms([alarm(1, Severity.CRITICAL, key="sos", active=False)])
    assert "1 CRITICAL" in texts(banner)
    assert banner.palette().color(QPalette.ColorRole.Window).name() == LIGHT.critical.fill


def test_colour_stays_when_the_theme_in_use_is_chosen_again(
    banner: Banner, qapp: QApplication
) -> None:
    install_theme(qapp, LIGHT)
    banner.show_alarms([alarm(1, Severity.CRITICAL)])
    banner.resize(700, 36)
    banner.show()
    install_theme(qapp, LIGHT)
    picture = banner.grab().toImage()
    assert picture.pixelColor(400, 3).name() == LIGHT.critical.fill


def test_it_says_where_the_alarm_was(banner: Banner) -> None:
    banner.show_alarms([alarm(1, Severity.CRITICAL, lat=52.43, lng=13.11)])
    assert "VAN-12  SOS  5 km NE of Potsdam" in texts(banner)
    banner.show_alarms([alarm(1, Severity.CRITICAL, lat=0.0, lng=0.0)])
    assert "VAN-12  SOS" in texts(banner)


def test_its_time_is_in_the_zone_of_the_place_where_that_is_wanted(
    banner: Banner, settings: SettingsStore
) -> None:
    settings.set("zone", "device")
    banner.show_alarms([alarm(1, Severity.CRITICAL, lat=40.71, lng=-74.0)])
    assert "06:59:45 EST (15 s)" in texts(banner)
