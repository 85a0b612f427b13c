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


def acts(tray: Tray) -> dict[str, bool]:
    return {a.text(): a.isEnabled() for a in tray.menu.actions() if not a.isSeparator()}


def icon(tray: Tray) -> QSystemTrayIcon:
    assert tray._icon is not None
    return tray._icon


def test_menu_allows_what_makes_sense(tray: Tray) -> None:
    tray.set_state(None, 0, signed_in=False)
    assert acts(tray) == {
        "No open alarms": False,
        "Show window": True,
        "Acknowledge top alarm": False,
        "Silence": False,
        "Sign out": False,
        "Quit": True,
    }
    tray.set_state(Severity.CRITICAL, 3, waiting=True)
    assert acts(tray) == {
        "3 open alarms, worst critical": False,
        "Show window": True,
        "Acknowledge top alarm": True,
        "Silence": True,
        "Sign out": True,
        "Quit": True,
    }


def test_menu_tells_what_was_asked(tray: Tray) -> None:
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
    tray.set_state(Severity.HIGH, 1, link_text="Devices live <b>2 s</b>")
    assert icon(tray).icon().cacheKey() != calm
    tip = icon(tray).toolTip()
    # Some desktops render what looks like markup.
    assert tip == "tftmonitor\n1 open alarm, worst high\nDevices live ‹b›2 s‹/b›"
    tray.set_state(None, 0)
    assert icon(tray).icon().cacheKey() == calm


def test_menu_is_popped_up_and_click_shows_the_window(tray: Tray, qtbot: QtBot) -> None:
    assert isinstance(icon(tray).contextMenu(), QMenu)
    with qtbot.waitSignal(tray.show_requested, timeout=100):
        icon(tray).activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
    with qtbot.assertNotEmitted(tray.show_requested):
        icon(tray).activated.emit(QSystemTrayIcon.ActivationReason.Context)


def test_tray_that_goes_and_comes_is_noticed(tray: Tray, there: list[bool]) -> None:
    told: list[bool] = []
    tray.available_changed.connect(told.append)
    tray.set_state(Severity.CRITICAL, 2)
    drawn = icon(tray).icon().cacheKey()
    there.append(False)
    tray.look()
    assert tray._icon is None
    assert not tray.show_message("SOS", "now", Severity.CRITICAL, 7)
    there.append(True)
    tray.look()
    tray.look()
    assert told == [False, True]
    assert icon(tray).icon().cacheKey() == drawn


def test_desktop_without_tray_hinders_nothing(qtbot: QtBot, there: list[bool]) -> None:
    there.append(False)
    tray = Tray()
    tray.start()
    assert not tray.available
    tray.set_state(Severity.CRITICAL, 2)
    assert not tray.show_message("SOS", "now", Severity.CRITICAL, 7)
    tray.stop()


def test_it_keeps_looking_until_it_is_stopped(tray: Tray) -> None:
    assert tray._watch.isActive()
    tray.stop()
    assert not tray._watch.isActive()
    assert tray._icon is None


def test_clicked_message_opens_its_alarm(
    tray: Tray, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[tuple[object, ...]] = []
    monkeypatch.setattr(QSystemTrayIcon, "showMessage", lambda _self, *words: shown.append(words))
    with qtbot.assertNotEmitted(tray.alarm_opened):
        icon(tray).messageClicked.emit()
    # A journal that could not be read numbers alarms by the clock: more than 32 bits.
    number = 1_795_003_200_000
    assert tray.show_message("SOS <b>", "now", Severity.CRITICAL, number)
    assert shown[0][:3] == ("SOS ‹b›", "now", QSystemTrayIcon.MessageIcon.Critical)
    with qtbot.waitSignal(tray.alarm_opened, timeout=100) as opened:
        icon(tray).messageClicked.emit()
    assert opened.args == [number]
