import logging

import pytest

from tftmonitor.base.listeners import Listeners


def test_listeners_are_called_in_the_order_of_adding() -> None:
    called: list[tuple[str, int]] = []
    changed: Listeners[[int]] = Listeners()
    changed.add(lambda number: called.append(("first", number)))
    changed.add(lambda number: called.append(("second", number)))
    assert changed(3) == []
    assert called == [("first", 3), ("second", 3)]


def test_failing_listener_is_logged_and_the_others_still_run(
    caplog: pytest.LogCaptureFixture,
) -> None:
    called: list[str] = []

    def fail() -> None:
        raise RuntimeError("broken")

    changed: Listeners[[]] = Listeners()
    changed.add(fail)
    changed.add(lambda: called.append("second"))
    with caplog.at_level(logging.ERROR):
        errors = changed()
    assert called == ["second"]
    assert [str(error) for error in errors] == ["broken"]
    assert "broken" in caplog.text


def test_removed_listener_is_called_no_more() -> None:
    called: list[str] = []
    changed: Listeners[[str]] = Listeners()
    changed.add(called.append)
    assert changed
    changed.remove(called.append)
    assert not changed
    changed("late")
    assert called == []
    with pytest.raises(ValueError, match="not in list"):
        changed.remove(called.append)


def test_listener_that_removes_itself_leaves_the_others_in_this_call() -> None:
    called: list[str] = []
    changed: Listeners[[]] = Listeners()

    def once() -> None:
        called.append("once")
        changed.remove(once)

    changed.add(once)
    changed.add(lambda: called.append("always"))
    changed()
    changed()
    assert called == ["once", "always", "always"]


def test_listeners_are_called_step_by_step_and_a_failing_one_is_a_step() -> None:
    called: list[str] = []

    def fail() -> None:
        raise RuntimeError("broken")

    changed: Listeners[[str]] = Listeners()
    changed.add(called.append)
    changed.add(lambda _text: fail())
    changed.add(called.append)
    steps = changed.each("now")
    assert called == []
    assert next(steps) is None
    assert called == ["now"]
    assert isinstance(next(steps), RuntimeError)
    assert next(steps) is None
    assert called == ["now", "now"]
