import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from tests.ui.harness import Harness, shown_labels
from tests.ui.inbox.conftest import NOON_MS
from tests.ui.tables.pointer import enter, leave
from tftmonitor.base.clock import DAY_MS
from tftmonitor.model.inbox import Inbox, ItemKind
from tftmonitor.ui.inbox.head import InboxHead
from tftmonitor.ui.inbox.pane import InboxPane
from tftmonitor.ui.widgets.elided_label import ElidedLabel

ADDRESS = "https://files.example.com/report.pdf?token=1"


class Opened(list[str]):
    works = True

    def __call__(self, address: str) -> bool:
        self.append(address)
        return self.works


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def opened() -> Opened:
    return Opened()


@pytest.fixture
def pane(harness: Harness, inbox: Inbox, opened: Opened) -> InboxPane:
    harness.settings.set("names", {"8640": "VAN & co"})
    names = harness.settings
    made = InboxPane(
        inbox,
        harness.clock,
        harness.settings,
        open_url=opened,
        name_of=lambda key: names.values.names.get(key, key),
    )
    inbox.changed.add(made.refresh)
    return harness.show(made, 360, 760)


def fill(inbox: Inbox) -> None:
    inbox.add(ItemKind.USER, NOON_MS - 9_000, None, "Garage", "first\n<b>line</b>", device="8640")
    inbox.add(
        ItemKind.FILE,
        NOON_MS,
        NOON_MS - 1_000,
        "Server",
        "File ready to download: report",
        address=ADDRESS,
        file_state="ready",
    )


def select(pane: InboxPane, row: int) -> None:
    pane._refresh_now()
    pane.view.setCurrentIndex(pane.model.index(row))


def button(pane: InboxPane, text: str) -> QPushButton:
    return next(b for b in pane.findChildren(QPushButton) if b.text() == text)


def message_text(pane: InboxPane) -> QPlainTextEdit:
    return next(
        edit
        for edit in pane.findChildren(QPlainTextEdit)
        if edit.accessibleName() == "Text of the message"
    )


def test_message_is_read_after_a_second_of_looking(
    qtbot: QtBot, pane: InboxPane, inbox: Inbox
) -> None:
    fill(inbox)
    counts: list[int] = []
    pane.unread_changed.connect(counts.append)
    select(pane, 0)
    assert inbox.unread == 2
    qtbot.waitUntil(lambda: inbox.unread == 1, timeout=3_000)
    assert inbox.items[1].read
    assert counts == [2, 1]


def test_message_passed_on_the_way_stays_unread(
    qtbot: QtBot, pane: InboxPane, inbox: Inbox
) -> None:
    fill(inbox)
    select(pane, 0)
    select(pane, 1)
    qtbot.waitUntil(lambda: inbox.unread == 1, timeout=3_000)
    assert not inbox.items[1].read


def test_message_hidden_before_the_second_is_over_stays_unread(
    qtbot: QtBot, pane: InboxPane, inbox: Inbox
) -> None:
    fill(inbox)
    select(pane, 0)
    pane.hide()
    qtbot.waitUntil(lambda: not pane._read_timer.isActive(), timeout=3_000)
    assert inbox.unread == 2


def test_space_marks_read_at_once(qtbot: QtBot, pane: InboxPane, inbox: Inbox) -> None:
    fill(inbox)
    select(pane, 0)
    pane.view.setFocus()
    QTest.keyClick(pane.view, Qt.Key.Key_Space)
    assert inbox.items[1].read


def test_mark_all_read_also_marks_what_a_filter_hides(pane: InboxPane, inbox: Inbox) -> None:
    fill(inbox)
    pane._head.chips.chip("User").click()
    pane._refresh_now()
    button(pane, "Mark all read").click()
    assert inbox.unread == 0
    assert "0 unread of 2" in shown_labels(pane)


def test_burst_of_messages_costs_one_refresh(qtbot: QtBot, pane: InboxPane, inbox: Inbox) -> None:
    inserts: list[int] = []
    pane.model.rowsInserted.connect(lambda _p, first, last: inserts.append(last - first + 1))
    for _ in range(100):
        fill(inbox)
    assert inserts == []
    qtbot.waitUntil(lambda: inserts == [200])


def test_hidden_pane_counts_and_catches_up(qtbot: QtBot, pane: InboxPane, inbox: Inbox) -> None:
    pane.hide()
    counts: list[int] = []
    pane.unread_changed.connect(counts.append)
    fill(inbox)
    qtbot.waitUntil(lambda: counts == [2])
    assert pane.model.rowCount() == 0
    pane.show()
    assert pane.model.rowCount() == 2


def test_server_text_is_never_rendered(pane: InboxPane, inbox: Inbox) -> None:
    fill(inbox)
    select(pane, 1)
    assert message_text(pane).toPlainText() == "first\n<b>line</b>"
    formats = {label.textFormat() for label in pane.findChildren(QLabel)}
    assert formats == {Qt.TextFormat.PlainText}


def test_reading_pane_shows_times_and_file_state(pane: InboxPane, inbox: Inbox) -> None:
    fill(inbox)
    select(pane, 0)
    labels = shown_labels(pane)
    assert "Sent 2026-11-18 11:59:59, received 12:00:00" in labels
    assert "Ready for download." in labels
    select(pane, 1)
    assert "Sent: time unknown, received 2026-11-18 11:59:51" in shown_labels(pane)
    inbox.add(ItemKind.USER, NOON_MS, 0, "x", "clock at zero")
    select(pane, 0)
    assert "Sent: clock not set, received 2026-11-18 12:00:00" in shown_labels(pane)


def test_message_that_was_sent_in_time_to_come_has_a_doubtful_time(
    pane: InboxPane, inbox: Inbox
) -> None:
    item = inbox.add(ItemKind.USER, NOON_MS, NOON_MS + 8 * 3_600_000, "x", "ahead")
    assert pane.model.time_text(item).endswith("12:00:00 (time doubtful)")
    select(pane, 0)
    sent = "Sent 2026-11-18 20:00:00 (time doubtful), received 2026-11-18 12:00:00"
    assert sent in shown_labels(pane)
    assert pane.model.time_text(inbox.add(ItemKind.USER, NOON_MS, 0, "x", "y")) == "clock not set"


def test_button_and_enter_ask_for_the_device(qtbot: QtBot, pane: InboxPane, inbox: Inbox) -> None:
    fill(inbox)
    select(pane, 1)
    asked: list[str] = []
    pane.device_requested.connect(asked.append)
    button(pane, "VAN && co").click()
    pane.view.setFocus()
    QTest.keyClick(pane.view, Qt.Key.Key_Return)
    assert asked == ["8640", "8640"]


def test_address_opens_only_after_it_was_shown_whole(
    pane: InboxPane, inbox: Inbox, opened: Opened
) -> None:
    fill(inbox)
    select(pane, 0)
    button(pane, "Open address…").click()
    assert opened == []
    whole = [e for e in pane.findChildren(QPlainTextEdit) if e.accessibleName() == "Whole address"]
    assert [edit.toPlainText() for edit in whole if edit.isVisible()] == [ADDRESS]
    assert "This address leads to files.example.com:" in shown_labels(pane)
    button(pane, "Copy").click()
    assert QGuiApplication.clipboard().text() == ADDRESS
    assert opened == []
    button(pane, "Open in browser").click()
    assert opened == [ADDRESS]
    assert not whole[0].isVisible()


def test_desktop_without_browser_is_said(pane: InboxPane, inbox: Inbox, opened: Opened) -> None:
    fill(inbox)
    select(pane, 0)
    opened.works = False
    button(pane, "Open address…").click()
    button(pane, "Open in browser").click()
    assert any("No browser" in text for text in shown_labels(pane))


def test_escape_closes_the_address(qtbot: QtBot, pane: InboxPane, inbox: Inbox) -> None:
    fill(inbox)
    select(pane, 0)
    button(pane, "Open address…").click()
    QTest.keyClick(pane._reader._panel, Qt.Key.Key_Escape)
    assert message_text(pane).isVisible()
    assert not pane._reader._panel.isVisible()


def test_empty_inbox_says_why_and_filter_can_be_cleared(pane: InboxPane, inbox: Inbox) -> None:
    text = "No messages yet. Messages channel live 11 s ago"
    pane.set_empty_text(text)
    assert text in shown_labels(pane)
    fill(inbox)
    pane._refresh_now()
    assert text not in shown_labels(pane)
    pane._head.search.setText("zebra")
    assert "No messages match “zebra”" in shown_labels(pane)
    button(pane, "Clear filter").click()
    assert pane.view.isVisible()
    assert pane.model.rowCount() == 2


def test_reading_pane_takes_room_only_for_a_message(pane: InboxPane, inbox: Inbox) -> None:
    fill(inbox)
    pane._refresh_now()
    assert not pane._reader.isVisible()
    select(pane, 0)
    assert pane._reader.isVisible()
    pane._head.search.setText("zebra")
    assert not pane._reader.isVisible()


def test_filter_keeps_the_message_that_is_read(pane: InboxPane, inbox: Inbox) -> None:
    fill(inbox)
    select(pane, 0)
    pane._head.search.setText("report")
    assert pane.view.currentIndex().row() == 0
    assert "report" in message_text(pane).toPlainText()


def test_show_message_selects_it_past_a_filter(pane: InboxPane, inbox: Inbox) -> None:
    fill(inbox)
    pane._head.search.setText("zebra")
    pane.show_message(1)
    assert pane.view.currentIndex().row() == 1


@pytest.mark.usefixtures("computer_in_berlin")
def test_list_and_message_follow_the_zone(pane: InboxPane, inbox: Inbox, harness: Harness) -> None:
    summer_ms = NOON_MS - 31 * DAY_MS  # the clocks changed in between
    inbox.add(ItemKind.USER, summer_ms, None, "Garage", "then")
    inbox.add(ItemKind.USER, NOON_MS, None, "Garage", "now")
    select(pane, 1)

    def times() -> list[str]:
        return [pane.model.time_text(item) for item in reversed(inbox.items)]

    assert times() == ["12:00:00", "10-18 12:00"]
    assert "Sent: time unknown, received 2026-10-18 12:00:00" in shown_labels(pane)
    repainted: list[tuple[int, int]] = []
    pane.model.dataChanged.connect(lambda a, b, *_: repainted.append((a.row(), b.row())))
    harness.settings.set("zone", "local")
    assert repainted == [(0, 1)]
    assert times() == ["13:00:00", "10-18 14:00"]
    assert "Sent: time unknown, received 2026-10-18 14:00:00" in shown_labels(pane)


def test_search_and_button_follow_the_names(
    pane: InboxPane, inbox: Inbox, harness: Harness
) -> None:
    fill(inbox)
    pane._refresh_now()
    pane._head.search.setText("van")
    select(pane, 0)
    assert button(pane, "VAN && co").isVisible()
    harness.settings.set("names", {"8640": "Van North"})
    assert button(pane, "Van North").isVisible()
    assert "first" in message_text(pane).toPlainText()
    harness.settings.set("names", {})
    assert pane.model.rowCount() == 0
    assert not pane._reader.isVisible()


def test_new_messages_wait_while_the_pointer_is_in_the_list(inbox: Inbox, pane: InboxPane) -> None:
    fill(inbox)
    pane._refresh_now()
    enter(pane.view)
    inbox.add(ItemKind.USER, NOON_MS, None, "Garage", "third", device="8640")
    pane._refresh_now()
    assert pane.model.rowCount() == 2
    assert pane.held_button.text() == "1 new · show now"
    leave(pane.view)
    assert pane.model.rowCount() == 3
    assert not pane.held_button.isVisible()


def test_waiting_messages_come_when_asked_for(inbox: Inbox, pane: InboxPane) -> None:
    fill(inbox)
    pane._refresh_now()
    enter(pane.view)
    inbox.add(ItemKind.USER, NOON_MS, None, "Garage", "third", device="8640")
    pane._refresh_now()
    pane.held_button.click()
    assert pane.model.rowCount() == 3


def test_message_takes_the_place_of_the_list_in_a_low_pane(inbox: Inbox, pane: InboxPane) -> None:
    fill(inbox)
    pane.resize(240, 340)
    select(pane, 0)
    assert pane.view.isVisible()
    assert not pane._reader.isVisible()
    box = pane.view.visualRect(pane.model.index(1))
    QTest.mouseClick(pane.view.viewport(), Qt.MouseButton.LeftButton, pos=box.center())
    assert pane._reader.isVisible()
    assert not pane.view.isVisible()
    QTest.keyClick(pane._reader.back, Qt.Key.Key_Escape)
    assert pane.view.isVisible()
    assert pane.view.currentIndex().row() == 1
    QTest.keyClick(pane.view, Qt.Key.Key_Return)
    assert pane._reader.isVisible()
    pane.resize(240, 790)
    assert pane._reader.isVisible()
    assert pane.view.isVisible()


def test_menu_of_a_message_copies_and_leads_on(inbox: Inbox, pane: InboxPane) -> None:
    fill(inbox)
    select(pane, 1)
    item = pane.model.item(pane.view.currentIndex())
    assert item is not None
    asked: list[str] = []
    pane.device_requested.connect(asked.append)
    pane.alarms_requested.connect(lambda key: asked.append(f"alarms {key}"))
    pane.day_requested.connect(lambda key: asked.append(f"day of {key}"))
    menu = pane.menu_of(item)
    actions = {action.text(): action for action in menu.actions()}
    for text in ("Copy", "Show device", "Find its alarms", "Day sheet"):
        actions[text].trigger()
    assert QGuiApplication.clipboard().text() == item.text
    assert asked == ["8640", "alarms 8640", "day of 8640"]


def test_place_of_a_message_is_told_in_words_and_numbers(pane: InboxPane, inbox: Inbox) -> None:
    inbox.add(ItemKind.ALARM, NOON_MS, None, "VAN-12", "SOS", place=(52.43, 13.11))
    select(pane, 0)
    text = message_text(pane).toPlainText()
    assert text.startswith("SOS\n\nPlace: 5 km NE of Potsdam (the nearest town, computed here)")
    assert text.endswith("52.430000, 13.110000")


def test_counts_that_grow_do_not_widen_the_pane(qtbot: QtBot) -> None:
    head = InboxHead()
    qtbot.addWidget(head)
    head.show_counts(1, 1)
    least = head.minimumSizeHint().width()
    head.show_counts(1_900, 2_000)
    assert head.minimumSizeHint().width() == least
    head.resize(least, 100)
    head.show()
    count = head.findChild(ElidedLabel)
    assert count is not None
    assert count.shown_text == "1900 unread"


def test_the_message_says_in_whose_zone_its_times_are(
    harness: Harness, pane: InboxPane, inbox: Inbox
) -> None:
    inbox.add(ItemKind.USER, NOON_MS, NOON_MS - 2_000, "Garage", "x", place=(52.5, 13.4))
    select(pane, 0)
    times = pane._reader._times
    assert times.text() == "Sent 2026-11-18 11:59:58, received 12:00:00"
    harness.settings.set("zone", "device")
    assert times.text() == "Sent 2026-11-18 12:59:58, received 13:00:00 · times of Europe/Berlin"
