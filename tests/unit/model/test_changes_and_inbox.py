from tftmonitor.model.fleet.changes import Changes
from tftmonitor.model.inbox import Inbox, InboxItem, ItemKind


def test_first_change_wakes_once_until_it_is_taken() -> None:
    changes = Changes()
    woken: list[int] = []
    changes.wake = lambda: woken.append(1)
    changes.touch(3)
    changes.touch(3)
    changes.touch(5)
    assert len(woken) == 1
    assert changes.take() == ({3, 5}, False)
    assert changes.take() == (set(), False)
    changes.add(7)
    assert len(woken) == 2
    assert changes.take() == ({7}, True)


def test_changes_are_collected_without_anybody_to_wake() -> None:
    changes = Changes()
    changes.touch(1)
    assert changes.take() == ({1}, False)


def put(inbox: Inbox, text: str) -> InboxItem:
    return inbox.add(ItemKind.USER, 5, None, "Ann", text)


def texts(inbox: Inbox) -> list[str]:
    return [item.text for item in inbox.items]


def test_items_stand_in_order_unread_and_numbered() -> None:
    inbox = Inbox()
    told: list[int] = []
    inbox.changed = lambda: told.append(inbox.unread)
    items = [put(inbox, text) for text in "abc"]
    assert texts(inbox) == ["a", "b", "c"]
    assert [item.number for item in items] == [1, 2, 3]
    assert told == [1, 2, 3]


def test_reading_counts_each_item_once() -> None:
    inbox = Inbox()
    for text in "abc":
        put(inbox, text)
    inbox.mark_read({1, 2, 99})
    inbox.mark_read({1})
    assert inbox.unread == 1
    inbox.mark_all_read()
    assert inbox.unread == 0
    assert all(item.read for item in inbox.items)


def test_full_inbox_drops_the_oldest_read_item_first() -> None:
    inbox = Inbox(capacity=3)
    for text in "abc":
        put(inbox, text)
    inbox.mark_read({2})
    put(inbox, "d")
    assert texts(inbox) == ["a", "c", "d"]
    assert inbox.unread == 3
    put(inbox, "e")
    assert texts(inbox) == ["c", "d", "e"]
    assert inbox.unread == 3


def test_numbers_are_never_used_again() -> None:
    inbox = Inbox(capacity=1)
    assert [put(inbox, "x").number for _ in range(3)] == [1, 2, 3]
