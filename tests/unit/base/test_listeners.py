import logging

import pytest

from tftmonitor.base.listeners import Listeners


def test_listeners_are_called_in_the_order_of_adding() -> None:
    heard: list[tuple[str, int]] = []
    changed: Listeners[[int]] = Listeners()
    changed.add(lambda number: heard.append(("first", number)))
    changed.add(lambda number: heard.append(("second", number)))
    assert changed(3) == []
    assert heard == [("first", 3), ("second", 3)]


def test_failing_listener_is_logged_and_the_others_still_run(
    caplog: pytest.LogCaptureFixture,
) -> None:
    heard: list[str] = []

    def fail() -> None:
        raise RuntimeError("broken")

    changed: Listeners[[]] = Listeners()
    changed.add(fail)
    changed.add(lambda: heard.append("told"))
    with caplog.at_level(logging.ERROR):
        errors = changed()
    assert heard == ["told"]
    assert [str(error) for error in errors] == ["broken"]
    assert "broken" in caplog.text


def test_removed_listener_is_called_no_more() -> None:
    heard: list[str] = []
    changed: Listeners[[str]] = Listeners()
    changed.add(heard.append)
    assert changed
    changed.remove(heard.append)
    assert not changed
    changed("late")
    assert heard == []
    with pytest.raises(ValueError, match="not in list"):
        changed.remove(heard.append)


def test_listener_that_removes_itself_leaves_the_others_in_this_call() -> None:
    heard: list[str] = []
    changed: Listeners[[]] = Listeners()

    def once() -> None:
        heard.append("once")
        changed.remove(once)

    changed.add(once)
    changed.add(lambda: heard.append("always"))
    changed()
    changed()
    assert heard == ["once", "always", "always"]
