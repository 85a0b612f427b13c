from tftmonitor.model.inbox import Inbox, InboxItem, ItemKind


def put(inbox: Inbox, text: str) -> InboxItem:
    return inbox.add(ItemKind.USER, 5, None, "Ann", text)


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


def test_nothing_to_restore_changes_nothing() -> None:
    inbox = Inbox()
    told: list[int] = []
    inbox.changed = lambda: told.append(1)
    inbox.restore([])
    assert (inbox.items, told) == ([], [])


def test_restored_items_respect_the_capacity() -> None:
    inbox = Inbox(capacity=3)
    put(inbox, "new")
    inbox.restore([kept(number, str(number)) for number in range(1, 9)])
    assert [item.text for item in inbox.items] == ["7", "8", "new"]
