from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt

from tests.ui.harness import Harness, checked
from tests.ui.inbox.conftest import NOON_MS
from tftmonitor.model.inbox import Inbox, ItemKind
from tftmonitor.ui.inbox.list_model import ITEM_ROLE, InboxListModel


@pytest.fixture
def inbox() -> Inbox:
    return Inbox(capacity=6)


@pytest.fixture
def model(harness: Harness, inbox: Inbox) -> InboxListModel:
    return checked(InboxListModel(inbox, harness.clock, harness.settings))


def add(inbox: Inbox, text: str, kind: ItemKind = ItemKind.USER, **more: Any) -> None:
    inbox.add(kind, NOON_MS, NOON_MS - 2_000, "Garage", text, **more)


def texts(model: InboxListModel) -> list[str]:
    return [model.index(row).data() for row in range(model.rowCount())]


def test_newest_is_first_and_arrivals_are_inserted(inbox: Inbox, model: InboxListModel) -> None:
    add(inbox, "one")
    model.refresh()
    held = QPersistentModelIndex(model.index(0))
    add(inbox, "two")
    add(inbox, "three")
    model.refresh()
    assert texts(model) == ["three", "two", "one"]
    assert held.row() == 2


def test_nothing_is_emitted_when_nothing_changed(inbox: Inbox, model: InboxListModel) -> None:
    add(inbox, "one")
    model.refresh()
    emitted: list[str] = []
    model.rowsInserted.connect(lambda *_: emitted.append("rows"))
    model.dataChanged.connect(lambda *_: emitted.append("data"))
    model.refresh()
    assert emitted == []
    inbox.mark_all_read()
    model.refresh()
    assert emitted == ["data"]


def test_items_that_the_inbox_dropped_leave_the_list(inbox: Inbox, model: InboxListModel) -> None:
    for number in range(6):
        add(inbox, f"m{number}")
    model.refresh()
    inbox.mark_read({3, 4})
    for number in range(6, 9):
        add(inbox, f"m{number}")
    model.refresh()
    # The two read ones go first, then the oldest.
    assert texts(model) == ["m8", "m7", "m6", "m5", "m4", "m1"]
    for number in range(9, 30):
        add(inbox, f"m{number}")
    model.refresh()
    assert texts(model) == [f"m{number}" for number in range(29, 23, -1)]


def test_filter_by_kind_and_text(inbox: Inbox, model: InboxListModel) -> None:
    add(inbox, "Key is at the desk")
    add(inbox, "SOS near the desk", ItemKind.ALARM, device="8640")
    model.refresh()
    model.set_filter(ItemKind.ALARM, "")
    assert texts(model) == ["SOS near the desk"]
    model.set_filter(None, "DESK garage")
    assert len(texts(model)) == 2
    model.set_filter(None, "8640")
    assert texts(model) == ["SOS near the desk"]
    add(inbox, "other")
    model.refresh()
    assert texts(model) == ["SOS near the desk"]


def test_search_finds_the_local_name_of_a_device(
    inbox: Inbox, model: InboxListModel, harness: Harness
) -> None:
    harness.settings.set("names", {"8640": "VAN-12"})
    add(inbox, "SOS", ItemKind.ALARM, device="8640")
    model.set_filter(None, "van-12")
    model.refresh()
    assert texts(model) == ["SOS"]


def test_long_and_broken_text_is_one_bounded_line(inbox: Inbox, model: InboxListModel) -> None:
    add(inbox, "a\nb\t<b>c</b> " + "x" * 1_000)
    model.refresh()
    text = texts(model)[0]
    assert text.startswith("a b <b>c</b> xxx")
    assert len(text) <= 300


def test_screen_readers_hear_unread_kind_sender_and_time(
    inbox: Inbox, model: InboxListModel
) -> None:
    add(inbox, "Key is at the desk")
    model.refresh()
    spoken = model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "unread, User from Garage, 11:59:58: Key is at the desk"
    assert model.index(0).data(ITEM_ROLE) is inbox.items[0]
    assert model.data(QModelIndex()) is None


def test_a_message_is_shown_in_the_zone_of_its_place_or_its_device(
    harness: Harness, inbox: Inbox
) -> None:
    harness.snapshot("8640", lat=40.71, lng=-74.0)
    found = harness.fleet.find
    model = InboxListModel(inbox, harness.clock, harness.settings, device_of=found)
    add(inbox, "of the device", device="8640")
    add(inbox, "of a place", device="8640", place=(52.5, 13.4))
    inbox.add(ItemKind.USER, NOON_MS, None, "Garage", "not dated", device="8640")
    add(inbox, "of nobody")
    before = [model.time_text(item) for item in inbox.items]
    assert before == ["11:59:58", "11:59:58", "12:00:00", "11:59:58"]
    harness.settings.set("zone", "device")
    times = [model.time_text(item) for item in inbox.items]
    assert times[:3] == ["06:59:58 EST", "12:59:58 CET", "07:00:00 EST"]
    assert times[3].startswith(("11:59:58 ", "12:59:58 "))
