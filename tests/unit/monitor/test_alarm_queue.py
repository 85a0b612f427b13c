"""Nobody's flood keeps another's alarm waiting, and of one device nothing overtakes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tftmonitor.model.alarms.alarm import Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import Acknowledged, Event, Raised, Returned, StepFailed
from tftmonitor.monitor.alarm_queue import EventQueue


def raised(device: str | None, number: int, severity: Severity = Severity.WARNING) -> Raised:
    return Raised(number, Source.MESSAGE, f"text {number}", "Text", severity, device)


def taken(queue: EventQueue) -> list[Event]:
    return [queue.pop() for _ in range(len(queue))]


def test_sos_of_another_device_passes_a_flood() -> None:
    queue = EventQueue()
    for number in range(9_000):
        queue.put(raised("1", number))
    sos = raised("2", 9_000, Severity.CRITICAL)
    queue.put(sos)
    assert queue.pop() is sos


def test_sos_of_another_device_passes_a_flood_of_critical_ones() -> None:
    queue = EventQueue()
    for number in range(1_000):
        queue.put(raised("1", number, Severity.CRITICAL))
    sos = raised("2", 1_000, Severity.CRITICAL)
    queue.put(sos)
    assert sos in [queue.pop() for _ in range(3)]


def test_others_have_their_turn_beside_critical_ones() -> None:
    queue = EventQueue()
    for number in range(1_000):
        queue.put(raised("1", number, Severity.CRITICAL))
    other = raised("2", 1_000)
    queue.put(other)
    assert other in [queue.pop() for _ in range(12)]


def test_what_the_operator_does_comes_first() -> None:
    queue = EventQueue()
    queue.put(raised("1", 1, Severity.CRITICAL))
    acknowledged = Acknowledged(2, (1,))
    queue.put(acknowledged)
    assert queue.pop() is acknowledged


def test_what_names_no_device_has_a_turn() -> None:
    queue = EventQueue()
    made: list[Event] = [raised("1", number) for number in range(20)]
    failed = StepFailed(20, "journal", "disk full")
    for event in [*made, failed]:
        queue.put(event)
    assert queue.pop() is made[0]
    assert queue.pop() is failed
    assert taken(queue) == made[1:]


def test_empty_queue_says_so() -> None:
    with pytest.raises(IndexError):
        EventQueue().pop()


severities = st.sampled_from([Severity.CRITICAL, Severity.WARNING])
devices = st.sampled_from(["1", "2", None])
actions = st.lists(
    st.one_of(
        st.just("pop"),
        st.tuples(devices, severities),
        st.just("acknowledge"),
        st.just("return"),
    ),
    max_size=60,
)


@given(actions)
def test_each_comes_out_once_and_of_one_device_in_order(found: list[object]) -> None:
    queue, put, got = EventQueue(), list[Event](), list[Event]()
    for number, action in enumerate(found):
        if action == "pop":
            got += [queue.pop()] if len(queue) else []
            continue
        event: Event
        if isinstance(action, tuple):
            event = raised(action[0], number, action[1])
        elif action == "acknowledge":
            event = Acknowledged(number, (1,))
        else:
            event = Returned(number, "1", "text")
        put.append(event)
        queue.put(event)
    got += taken(queue)
    assert sorted(event.at_ms for event in got) == [event.at_ms for event in put]
    for device in ("1", "2", None):
        own = [e.at_ms for e in got if isinstance(e, Raised | Returned) and e.device == device]
        assert own == sorted(own)
