from tftmonitor.model.inbox import Inbox, InboxItem, ItemKind


def put(inbox: Inbox, text: str) -> InboxItem:
    return inbox.add(ItemKind.USER, 5, None, "Ann", text)


def texts(inbox: Inbox) -> list[str]:
    return [item.text for item in inbox.items]


def test_items_stand_in_order_unread_and_numbered() -> None:
    inbox = Inbox()
    unread: list[int] = []
    inbox.changed.add(lambda: unread.append(inbox.unread))
    items = [put(inbox, text) for text in "abc"]
    assert texts(inbox) == ["a", "b", "c"]
    assert [item.number for item in items] == [1, 2, 3]
    assert unread == [1, 2, 3]


def test_reading_counts_each_item_once() -> None:
    inbox = Inbox()
    for text in "abc":
        put(inbox, text)
    inbox.mark_read({1, 2, 99})
    inbox.mark_read({1})
    assert inbox.unread == 1
    inbox.mark_all_read()
    assert inbox.unread == 0
    assert [item.read for item in inbox.items] == [True, True, True]


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


def kept(number: int, text: str, *, read: bool = False) -> InboxItem:
    return InboxItem(number, ItemKind.USER, 1, None, "Ann", text, read=read)


def test_items_to_be_kept_are_the_new_and_the_newly_read_ones() -> None:
    inbox = Inbox()
    first, second = put(inbox, "a"), put(inbox, "b")
    assert inbox.drain_changed() == [first, second]
    assert inbox.drain_changed() == []
    inbox.mark_read({1})
    assert inbox.drain_changed() == [first]
    inbox.mark_all_read()
    assert inbox.drain_changed() == [second]


def test_items_that_could_not_be_kept_are_handed_out_again() -> None:
    inbox = Inbox()
    put(inbox, "a")
    failed = inbox.drain_changed()
    put(inbox, "b")
    inbox.put_back(failed)
    assert [item.text for item in inbox.drain_changed()] == ["a", "b"]


def test_items_of_a_former_run_stand_before_those_of_this_one() -> None:
    inbox = Inbox()
    put(inbox, "new")
    inbox.restore([kept(3, "old", read=True), kept(5, "older")])
    assert [(item.number, item.text) for item in inbox.items] == [
        (3, "old"),
        (5, "older"),
        (6, "new"),
    ]
    assert inbox.unread == 2
    assert [item.number for item in inbox.drain_changed()] == [6]
    assert put(inbox, "next").number == 7


def test_every_change_of_the_list_or_of_a_read_mark_is_reported() -> None:
    inbox = Inbox()
    calls: list[int] = []
    inbox.changed.add(lambda: calls.append(inbox.unread))
    put(inbox, "a")
    inbox.mark_read({1})
    inbox.restore([kept(1, "old")])
    inbox.mark_all_read()
    assert calls == [1, 0, 1, 0]


def test_nothing_to_restore_changes_nothing() -> None:
    inbox = Inbox()
    calls: list[int] = []
    inbox.changed.add(lambda: calls.append(1))
    inbox.restore([])
    assert (inbox.items, calls) == ([], [])


def test_restored_items_respect_the_capacity() -> None:
    inbox = Inbox(capacity=3)
    put(inbox, "new")
    inbox.restore([kept(number, str(number)) for number in range(1, 9)])
    assert [item.text for item in inbox.items] == ["7", "8", "new"]


def test_items_of_a_former_key_are_of_the_device() -> None:
    inbox = Inbox()
    changed: list[int] = []
    item = inbox.add(ItemKind.ALARM, 5, None, "7", "SOS", device="7")
    put(inbox, "other")
    inbox.drain_changed()
    inbox.changed.add(lambda: changed.append(1))
    inbox.rename("7", "A")
    assert item.device == "A"
    assert inbox.drain_changed() == [item]
    inbox.rename("7", "A")
    assert changed == [1]
