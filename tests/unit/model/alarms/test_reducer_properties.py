"""What holds for alarms whatever happens in whatever order."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from tftmonitor.model.alarms import events
from tftmonitor.model.alarms.alarm import Alarm, Source
from tftmonitor.model.alarms.codes import BY_KEY, Severity
from tftmonitor.model.alarms.events import Event, Raised
from tftmonitor.model.alarms.open_alarms import AlarmCounts, OpenAlarms
from tftmonitor.model.alarms.reducer import AlarmReducer

NOW = 1_795_000_000_000
FREE_TEXT = "text:sos now"
KEYS = ("sos", "over_speed", "external_power_lost", "external_power_recovered", FREE_TEXT)
GUESSES = {
    "code:22": ("ignition_off", "external_power_recovered"),
    "code:3": ("sos", "over_speed"),
}

times = st.integers(NOW, NOW + 300_000)
devices = st.sampled_from(["1", "2"])
numbers = st.lists(st.integers(1, 12), max_size=4).map(tuple)


def _severity(key: str) -> Severity:
    return BY_KEY[key].severity if key in BY_KEY else Severity.WARNING


occurrences = st.builds(
    lambda at_ms, source, key, device, code, device_ms, past: Raised(
        at_ms,
        source,
        key,
        key,
        _severity(key),
        device,
        code=int(key.removeprefix("code:")) if key in GUESSES else code,
        candidates=GUESSES.get(key, ()),
        device_ms=device_ms,
        past=past,
        text="SOS now" if key == FREE_TEXT else "",
    ),
    times,
    st.sampled_from([Source.SNAPSHOT, Source.MESSAGE]),
    st.sampled_from((*KEYS, *GUESSES)),
    devices,
    st.sampled_from([None, 3, 22]),
    st.none() | st.integers(NOW - 3_600_000, NOW + 300_000),
    st.booleans(),
)
anything: st.SearchStrategy[Event] = st.one_of(
    occurrences,
    occurrences,
    st.builds(events.Cleared, times, devices, st.sampled_from([0, 22]), st.sampled_from([0, None])),
    st.builds(events.Returned, times, devices, st.sampled_from(KEYS)),
    st.builds(events.Acknowledged, times, numbers),
    st.builds(events.Silenced, times, numbers),
    st.builds(events.Shelved, times, numbers, times, st.just("known")),
    st.builds(events.Unshelved, times, numbers),
    st.builds(events.OutOfService, times, devices, st.none() | times),
    st.builds(events.Expired, times),
    st.builds(events.Closed, times, numbers),
)
histories = st.lists(anything, max_size=40)


@given(histories)
def test_open_alarms_on_disk_are_those_in_memory(happened: list[Event]) -> None:
    reducer, disk = AlarmReducer(), dict[int, bytes]()
    for event in happened:
        for change in reducer.reduce(event):
            disk[change.alarm.id] = msgspec.json.encode(change.alarm)
    loaded = [msgspec.json.decode(body, type=Alarm) for body in disk.values()]
    kept = {alarm.id: alarm for alarm in loaded if alarm.is_open}
    assert kept == {alarm.id: alarm for alarm in reducer.alarms.all()}


@given(histories, histories)
def test_life_goes_on_after_a_restart_as_if_there_had_been_none(
    before: list[Event], after: list[Event]
) -> None:
    first = AlarmReducer()
    for event in before:
        first.reduce(event)
    second = AlarmReducer()
    second.restore(first.alarms.all(), first.next_id, first.out_of_service)
    # Only second sources of notices are forgotten by a restart.
    sure = [e for e in after if not isinstance(e, Raised)]
    for event in sure:
        assert first.reduce(event) == second.reduce(event)
    assert first.alarms.open() == second.alarms.open()


@given(histories)
def test_published_changes_make_the_same_alarms_with_right_counts(happened: list[Event]) -> None:
    reducer, shown = AlarmReducer(), OpenAlarms()
    for event in happened:
        shown.apply(events.coalesce(reducer.reduce(event)))
    assert shown.open() == reducer.alarms.open()
    counted = AlarmCounts()
    for alarm in shown.all():
        counted.count_in(alarm, 1)
    assert shown.total.unacknowledged == counted.unacknowledged
    assert shown.total.acknowledged == counted.acknowledged
    assert shown.total.waiting == len(shown.unacknowledged())
    for device in ("1", "2"):
        suppressed = sum(alarm.suppressed for alarm in shown.by_device(device))
        assert shown.counts_of(device).count == len(shown.by_device(device)) - suppressed


@given(histories)
def test_nothing_that_needs_somebody_leaves_without_being_seen(happened: list[Event]) -> None:
    reducer = AlarmReducer()
    first = Raised(NOW, Source.SNAPSHOT, "sos", "SOS", Severity.CRITICAL, "1")
    changes = 0
    for event in (first, *happened):
        for change in reducer.reduce(event):
            changes += 1
            alarm = change.alarm
            if not alarm.is_open and alarm.severity > Severity.NOTICE:
                assert alarm.acknowledged_ms is not None or alarm.note.startswith("same as")
            if change.rings:
                assert alarm.needs_ack
            if change.is_new and alarm.severity > Severity.NOTICE:
                assert alarm.is_open
    assert changes


@given(histories)
def test_no_two_open_alarms_of_a_device_are_the_same(happened: list[Event]) -> None:
    reducer = AlarmReducer()
    for event in happened:
        reducer.reduce(event)
    names = [(alarm.device, alarm.key) for alarm in reducer.alarms.all()]
    assert len(names) == len(set(names))


@given(histories, occurrences)
def test_no_occurrence_is_dropped(happened: list[Event], last: Raised) -> None:
    reducer = AlarmReducer()
    for event in happened:
        reducer.reduce(event)
    is_known_report = reducer.reports.knows(last)
    changed = [change.alarm for change in reducer.reduce(last)]
    same_text = [
        alarm
        for alarm in reducer.alarms.by_device(last.device)
        if last.source in alarm.sources and alarm.device_ms == last.device_ms is not None
    ]
    assert (
        changed
        or same_text
        or is_known_report
        or last.severity is Severity.NOTICE
        or last.candidates
    )
