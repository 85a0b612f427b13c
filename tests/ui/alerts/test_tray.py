import pytest
from PySide6.QtWidgets import QMenu, QSystemTrayIcon
from pytestqt.qtbot import QtBot

from tftmonitor.model.alarms.codes import Severity
from tftmonitor.ui.alerts.tray import Tray

# Qt's own, on a platform that has no trays at all; the real ones are in tests/e2e.
pytestmark = pytest.mark.qt_log_ignore("systemTrayWindowChanged", extend=True)


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether the desktop has a tray; the last entry counts."""
    answers = [True]
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: answers[-1])
    return answers


@pytest.fixture
def tray(qtbot: QtBot, there: list[bool]) -> Tray:
    made = Tray()
    made.start()
    return made


def entries(tray: Tray) -> dict[str, bool]:
    return {a.text(): a.isEnabled() for a in tray.menu.actions() if not a.isSeparator()}


def icon(tray: Tray) -> QSystemTrayIcon:
    assert tray._icon is not None
    return tray._icon


def test_menu_allows_what_makes_sense(tray: Tray) -> None:
    tray.set_state(None, 0, signed_in=False)
    assert entries(tray) == {
        "No open alarms": False,
        "Show window": True,
        "Acknowledge top alarm": False,
        "Silence": False,
        "Sign out": False,
        "Quit": True,
    }
    tray.set_state(Severity.CRITICAL, 3, waiting=True)
    assert entries(tray) == {
        "3 open alarms, worst critical": False,
        "Show window": True,
        "Acknowledge top alarm": True,
        "Silence": True,
        "Sign out": True,
        "Quit": True,
    }


def test_menu_entries_emit_what_was_asked(tray: Tray) -> None:
    asked: list[str] = []
    tray.set_state(Severity.CRITICAL, 1, waiting=True)
    tray.show_requested.connect(lambda: asked.append("show"))
    tray.acknowledge_requested.connect(lambda: asked.append("acknowledge"))
    tray.silence_requested.connect(lambda: asked.append("silence"))
    tray.sign_out_requested.connect(lambda: asked.append("sign out"))
    tray.quit_requested.connect(lambda: asked.append("quit"))
    for action in tray.menu.actions():
        action.trigger()
    assert asked == ["show", "acknowledge", "silence", "sign out", "quit"]


def test_icon_and_tip_follow_the_state(tray: Tray) -> None:
    calm = icon(tray).icon().cacheKey()
    tray.set_state(Severity.HIGH, 1)
    assert icon(tray).icon().cacheKey() != calm
    assert icon(tray).toolTip() == "tftmonitor\n1 open alarm, worst high"
    tray.set_state(None, 0)
    assert icon(tray).icon().cacheKey() == calm


@pytest.mark.parametrize(
    ("link_ok", "signed_in", "lines"),
    [
        (True, True, []),
        (False, True, ["No connection: device data is old"]),
        (False, False, ["Not signed in"]),
    ],
)
def test_tip_says_why_nothing_arrives(
    tray: Tray, lines: list[str], *, link_ok: bool, signed_in: bool
) -> None:
    tray.set_state(None, 0, link_ok=link_ok, signed_in=signed_in)
    assert icon(tray).toolTip().splitlines() == ["tftmonitor", "No open alarms", *lines]


def test_menu_is_popped_up_and_click_shows_the_window(tray: Tray, qtbot: QtBot) -> None:
    assert isinstance(icon(tray).contextMenu(), QMenu)
    with qtbot.waitSignal(tray.show_requested, timeout=100):
        icon(tray).activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
    with qtbot.assertNotEmitted(tray.show_requested):
        icon(tray).activated.emit(QSystemTrayIcon.ActivationReason.Context)


def test_tray_that_goes_and_comes_is_noticed(tray: Tray, there: list[bool]) -> None:
    changes: list[bool] = []
    tray.available_changed.connect(changes.append)
    tray.set_state(Severity.CRITICAL, 2)
    drawn = icon(tray).icon().cacheKey()
    there.append(False)
    tray.check_available()
    assert tray._icon is None
    assert not tray.show_message("SOS", "now", Severity.CRITICAL, 7)
    there.append(True)
    tray.check_available()
    tray.check_available()
    assert changes == [False, True]
    assert icon(tray).icon().cacheKey() == drawn


def test_desktop_without_tray_hinders_nothing(qtbot: QtBot, there: list[bool]) -> None:
    there.append(False)
    tray = Tray()
    tray.start()
    assert not tray.available
    tray.set_state(Severity.CRITICAL, 2)
    assert not tray.show_message("SOS", "now", Severity.CRITICAL, 7)
    tray.stop()


def test_it_keeps_checking_until_it_is_stopped(tray: Tray) -> None:
    assert tray._check_timer.isActive()
    tray.stop()
    assert not tray._check_timer.isActive()
    assert tray._icon is None


def test_clicked_message_opens_its_alarm(
    tray: Tray, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[tuple[object, ...]] = []
    monkeypatch.setattr(
        QSystemTrayIcon, "showMessage", lambda _self, *arguments: shown.append(arguments)
    )
    with qtbot.assertNotEmitted(tray.alarm_opened):
        icon(tray).messageClicked.emit()
    # A journal that could not be read numbers alarms by the clock: more than 32 bits.
    number = 1_795_003_200_000
    assert tray.show_message("SOS <b>", "now", Severity.CRITICAL, number)
    assert shown[0][:3] == ("SOS ‹b›", "now", QSystemTrayIcon.MessageIcon.Critical)
    with qtbot.waitSignal(tray.alarm_opened, timeout=100) as opened:
        icon(tray).messageClicked.emit()
    assert opened.args == [number]
