"""Names on disk are permanent: bodies that earlier versions wrote are read, and written alike."""

from typing import get_args

import msgspec
import pytest

from tftmonitor.history.rows import alarm_of, alarm_row, entry_of
from tftmonitor.model.alarms import events
from tftmonitor.model.alarms.alarm import Alarm, Source
from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.alarms.events import Event

NOW = 1_795_000_000_000

# As the first version with a journal wrote them, every field set.
ALARM_BODY = (
    '{"id":7,"key":"code:22","name":"Alarm 22","severity":3,"first_ms":1795000000000,'
    '"last_ms":1795000000009,"witnesses":["snapshot","message"],"latest":["message"],'
    '"device":"1","device_name":"VAN-12","count":2,"code":22,"numbering":"B-vehicle",'
    '"candidates":["ignition_off","external_power_recovered"],"bit":16,'
    '"device_ms":1794999999100,"late":true,"active":false,"acknowledged_ms":1795000000001,'
    '"silenced_ms":1795000000002,"closed_ms":1795000000003,"shelved_until_ms":1795000000004,'
    '"shelve_reason":"test drive","out_of_service_until_ms":1795000000005,"note":"called",'
    '"drill":true,"text":"Parked","lat":50.1,"lng":8.6}'
)
ALARM = Alarm(
    id=7,
    key="code:22",
    name="Alarm 22",
    severity=Severity.HIGH,
    first_ms=NOW,
    last_ms=NOW + 9,
    sources=(Source.SNAPSHOT, Source.MESSAGE),
    latest=(Source.MESSAGE,),
    device="1",
    device_name="VAN-12",
    count=2,
    code=22,
    numbering="B-vehicle",
    candidates=("ignition_off", "external_power_recovered"),
    bit=16,
    device_ms=NOW - 900,
    late=True,
    active=False,
    acknowledged_ms=NOW + 1,
    silenced_ms=NOW + 2,
    closed_ms=NOW + 3,
    shelved_until_ms=NOW + 4,
    shelve_reason="test drive",
    out_of_service_until_ms=NOW + 5,
    note="called",
    drill=True,
    text="Parked",
    lat=50.1,
    lng=8.6,
)
RAISED_BODY = (
    '{"kind":"raised","at_ms":1795000000000,"source":"link","key":"sos","name":"SOS",'
    '"severity":4,"device":"1","device_name":"VAN-12","code":16,"numbering":"A",'
    '"candidates":["sos"],"bit":16,"device_ms":1794999999100,"past":true,"text":"Help",'
    '"lat":50.1,"lng":8.6}'
)
EVENTS: list[tuple[Event, str]] = [
    (
        events.Raised(
            NOW, Source.LINK, "sos", "SOS", Severity.CRITICAL, "1", "VAN-12", 16, "A", ("sos",), 16,
            NOW - 900, True, "Help", 50.1, 8.6,
        ),
        RAISED_BODY,
    ),
    (
        events.Returned(NOW, "1", "sos", NOW - 900, "over"),
        ('{"kind":"returned","at_ms":1795000000000,"device":"1","key":"sos",'
        '"device_ms":1794999999100,"because":"over"}'),
    ),
    (
        events.Cleared(NOW, "1", 22, 16, NOW - 900),
        ('{"kind":"cleared","at_ms":1795000000000,"device":"1","event":22,"alerts":16,'
        '"device_ms":1794999999100}'),
    ),
    (
        events.Acknowledged(NOW, (7,), "me", "seen"),
        '{"kind":"acknowledged","at_ms":1795000000000,"ids":[7],"who":"me","note":"seen"}',
    ),
    (
        events.Silenced(NOW, (7,), "me"),
        '{"kind":"silenced","at_ms":1795000000000,"ids":[7],"who":"me"}',
    ),
    (
        events.Shelved(NOW, (7,), NOW + 4, "test drive", "me"),
        ('{"kind":"shelved","at_ms":1795000000000,"ids":[7],"until_ms":1795000000004,'
        '"reason":"test drive","who":"me"}'),
    ),
    (
        events.Unshelved(NOW, (7,), "me"),
        '{"kind":"unshelved","at_ms":1795000000000,"ids":[7],"who":"me"}',
    ),
    (
        events.OutOfService(NOW, "1", NOW + 5, "me"),
        ('{"kind":"out_of_service","at_ms":1795000000000,"device":"1",'
        '"until_ms":1795000000005,"who":"me"}'),
    ),
    (
        events.Joined(NOW, "1", "7", "Van", "1"),
        ('{"kind":"joined","at_ms":1795000000000,"device":"1","former":"7",'
        '"device_name":"Van","imei":"1"}'),
    ),
    (events.Expired(NOW), '{"kind":"expired","at_ms":1795000000000}'),
    (
        events.Noted(NOW, (7,), "called", "me"),
        '{"kind":"noted","at_ms":1795000000000,"ids":[7],"note":"called","who":"me"}',
    ),
    (
        events.Closed(NOW, (7,), "me"),
        '{"kind":"closed","at_ms":1795000000000,"ids":[7],"who":"me"}',
    ),
    (
        events.DrillConfirmed(NOW, "me"),
        '{"kind":"drill_confirmed","at_ms":1795000000000,"who":"me"}',
    ),
    (events.Restored(NOW, 3), '{"kind":"restored","at_ms":1795000000000,"count":3}'),
    (
        events.StepFailed(NOW, "sound", "no device"),
        '{"kind":"step_failed","at_ms":1795000000000,"step":"sound","words":"no device"}',
    ),
    (
        events.Blind(NOW, "1", "link", NOW - 9, NOW, "devices", "refused"),
        ('{"kind":"blind","at_ms":1795000000000,"device":"1","cause":"link",'
        '"start_ms":1794999999991,"end_ms":1795000000000,"scope":"devices","reason":"refused"}'),
    ),
    (
        events.TimeKnown(NOW, "1", -5, "stored"),
        ('{"kind":"time_known","at_ms":1795000000000,"device":"1","offset_ms":-5,'
        '"because":"stored"}'),
    ),
]  # fmt: skip


def test_alarm_of_an_earlier_version_is_read_and_written_alike() -> None:
    assert alarm_of(ALARM_BODY) == ALARM
    assert alarm_row(ALARM)[-1] == ALARM_BODY


@pytest.mark.parametrize(("event", "body"), EVENTS, ids=lambda value: getattr(value, "kind", ""))
def test_event_of_an_earlier_version_is_read_and_written_alike(event: Event, body: str) -> None:
    entry = entry_of(1, NOW, NOW, event.kind, 7, "1", body, ALARM_BODY)
    assert (entry.event, entry.alarm) == (event, ALARM)
    assert msgspec.json.encode(event).decode() == body


def test_place_and_its_age_are_kept() -> None:
    alarm = msgspec.structs.replace(ALARM, place_ms=NOW - 5, place_is_last_known=True)
    body = alarm_row(alarm)[-1]
    assert isinstance(body, str)
    assert body.endswith('"place_ms":1794999999995,"place_is_last_known":true}')
    assert alarm_of(body) == alarm


def test_every_event_has_a_body_here() -> None:
    assert {type(event) for event, _body in EVENTS} == set(get_args(Event))
