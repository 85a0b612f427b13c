from itertools import pairwise
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from tftmonitor.base.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, ManualClock
from tftmonitor.model.fields.plot import SERIES
from tftmonitor.model.fields.status import STATUS_FIELDS, DeviceStatus
from tftmonitor.model.fleet import merging
from tftmonitor.model.fleet.activity import Activity, Staleness
from tftmonitor.model.fleet.cadence import DRIVING_MS, PARKED_MS
from tftmonitor.model.fleet.fleet import AppliedSnapshot, Fleet
from tftmonitor.model.fleet.identity import Identity
from tftmonitor.model.fleet.records import ReceivedRecords, Records
from tftmonitor.protocol.messages import SnapshotData

DRIVING: dict[str, Any] = {"speed": 50.0, "acc": 1, "lat": 50.0, "lng": 8.0, "latlng_valid": 1}
PARKED = DRIVING | {"speed": 0.0, "acc": 0}


class Feed:
    """A fleet, its clock, and a short way to hand it snapshots."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.fleet = Fleet()

    def send(
        self,
        age_s: float | None = 0.0,
        *,
        imei: Any = "100",
        device_key: Any = None,
        number: Any = None,
        model: Any = None,
        frame: bytes = b"{}",
        **status: Any,
    ) -> AppliedSnapshot:
        if age_s is not None and "date" not in status:
            status["date"] = self.clock.now_ms() - round(age_s * SECOND_MS)
        data = SnapshotData(device_key, number, imei, model)
        converted = msgspec.convert(status, DeviceStatus)
        return self.fleet.apply(data, converted, frame, self.clock.now_ms())


@pytest.fixture
def feed() -> Feed:
    return Feed()


def status_of(applied: AppliedSnapshot) -> DeviceStatus:
    status = applied.device.status
    assert status is not None
    return status


def test_frame_without_voltage_keeps_last_value(feed: Feed) -> None:
    feed.send(external_power_voltage=12.5, speed=3)
    feed.clock.advance(10)
    status = status_of(feed.send(speed=5))
    assert (status.external_power_voltage, status.speed) == (12.5, 5)


def test_null_replaces_a_known_value_by_unknown(feed: Feed) -> None:
    feed.send(external_power_voltage=12.5)
    feed.clock.advance(10)
    assert status_of(feed.send(external_power_voltage=None)).external_power_voltage is None


def test_late_frame_joins_the_series_and_leaves_the_live_values(feed: Feed) -> None:
    feed.send(speed=50.0)
    feed.clock.advance(10)
    applied = feed.send(age_s=300, speed=80.0, frame=b"late")
    device = applied.device
    assert applied.late
    assert status_of(applied).speed == 50
    assert device.frames == {"snapshot": b"{}"}
    assert device.late_count == 1
    assert device.snapshots == 1
    assert device.received_ms == feed.clock.now_ms()
    column = [field.name for field in SERIES.channels].index("speed")
    assert device.series.samples().values[column].tolist() == [80, 50]


def test_frame_of_the_same_time_is_not_late(feed: Feed) -> None:
    feed.send(speed=1)
    assert not feed.send(speed=2).late
    assert feed.fleet.devices[0].snapshots == 2


def test_clock_in_the_future_never_wins_newest(feed: Feed) -> None:
    applied = feed.send(date=3_471_724_812_000, speed=1)
    assert applied.device_ms is None
    assert applied.device.device_ms is None
    assert applied.device.data_ms == feed.clock.now_ms()
    feed.clock.advance(10)
    assert not feed.send(speed=2).late


@pytest.mark.parametrize("date", [946_684_816_000, 0, None])
def test_clock_that_was_never_set_makes_no_frame_late(feed: Feed, date: int | None) -> None:
    feed.send(date=date, speed=1)
    feed.clock.advance(10)
    applied = feed.send(date=date, speed=2)
    assert (applied.live, applied.late) == (True, False)
    assert status_of(applied).speed == 2
    assert applied.device.data_ms == feed.clock.now_ms()


def test_clock_hours_ahead_does_not_make_all_that_follows_late(feed: Feed) -> None:
    feed.send(date=feed.clock.now_ms() + 20 * HOUR_MS, speed=1)
    assert feed.fleet.devices[0].data_ms == feed.clock.now_ms()
    feed.clock.advance(60)
    applied = feed.send(age_s=1, speed=2)
    assert not applied.late
    assert status_of(applied).speed == 2


def test_device_is_found_by_each_of_its_ids(feed: Feed) -> None:
    device = feed.send(imei="100", device_key="99", number=7, model="T1").device
    assert feed.fleet.find("100") is device
    assert feed.fleet.find("99") is device
    assert feed.fleet.find("7") is device
    assert feed.fleet.find("8") is None
    assert feed.fleet.find("") is None
    assert feed.fleet.find(None) is None
    assert (device.key, device.id, device.model) == ("100", "7", "T1")
    assert feed.send(imei=None, device_key="99").device is device
    assert feed.send(imei=100).device is device
    assert list(feed.fleet) == [device]
    assert len(feed.fleet) == 1


def test_device_without_imei_goes_by_device_key_then_id(feed: Feed) -> None:
    assert feed.send(imei=None, device_key="99").device.key == "99"
    assert feed.send(imei=None, number=7).device.key == "7"


def test_id_that_two_devices_bear_stays_with_the_first(feed: Feed) -> None:
    first = feed.send(imei="100", device_key="99").device
    second = feed.send(imei="200", device_key="99").device
    assert first is not second
    assert feed.fleet.find("99") is first


def test_ids_that_come_later_are_taken_in(feed: Feed) -> None:
    feed.send(imei="100")
    device = feed.send(imei="100", device_key="99", number="7").device
    assert (device.device_key, device.id) == ("99", "7")
    assert feed.fleet.find("7") is device


def test_model_follows_the_feed(feed: Feed) -> None:
    feed.send(model="T1")
    assert feed.send(model=5).device.model == "5"
    assert feed.send(model=None).device.model == "5"


def test_local_names_go_by_any_id(feed: Feed) -> None:
    device = feed.send(imei="100", device_key="99").device
    assert device.label == "100"
    feed.fleet.changes.drain()
    feed.fleet.set_names({"99": "Truck", "200": "Van"})
    assert device.label == "Truck"
    assert feed.fleet.changes.drain() == ({0}, False)
    assert feed.send(imei="200").device.label == "Van"
    feed.fleet.set_names({})
    assert device.label == "100"


def test_name_of_a_unit_that_has_not_reported_waits_for_it(feed: Feed) -> None:
    feed.fleet.expect("300")
    feed.fleet.set_names({"300": "Bus"})
    assert feed.fleet.changes.drain() == (set(), False)
    assert feed.send(imei="300").device.label == "Bus"


def test_one_of_many_names_touches_its_device_alone(feed: Feed) -> None:
    names = {f"{number}": f"VAN {number}" for number in range(50)}
    for imei in names:
        feed.send(imei=imei)
    feed.fleet.set_names(names)
    feed.fleet.changes.drain()
    feed.fleet.set_names({**names, "7": "LORRY"})
    assert feed.fleet.changes.drain() == ({7}, False)
    feed.fleet.set_default_names({"7": "demo", "60": "demo"})
    assert feed.send(imei="7").device.label == "LORRY"
    assert feed.send(imei="60").device.label == "demo"


def test_change_of_who_a_device_is_can_be_seen_by_its_row(feed: Feed) -> None:
    seen = []
    for step in (
        lambda: feed.send(imei="100"),
        lambda: feed.send(imei="100", device_key="99"),
        lambda: feed.send(imei="100", device_key="99", speed=5),
        lambda: feed.send(imei="100", model="T1"),
        lambda: feed.fleet.set_names({"99": "Truck"}),
        lambda: feed.send(imei="100", device_key="99", model="T1"),
    ):
        step()
        seen.append(int(feed.fleet.identities[0]))
    changed = [later > earlier for earlier, later in pairwise(seen)]
    assert changed == [True, False, True, True, False]


def test_ignition_stands_by_row(feed: Feed) -> None:
    feed.send(imei="100", **DRIVING)
    feed.send(imei="200", **PARKED)
    feed.send(imei="300")
    assert feed.fleet.ignitions.tolist() == [True, False, False]


def test_other_events_are_kept_with_their_device(feed: Feed) -> None:
    event = Records("driver", Identity("100", "100"))
    device = feed.fleet.keep_records(event, b"raw", 5)
    assert device.records == {"driver": ReceivedRecords(event, 5)}
    assert device.frames == {"driver": b"raw"}
    assert device.status is None
    assert feed.fleet.activities.tolist() == [Activity.NO_DATA]
    assert feed.fleet.changes.drain() == ({0}, True)


def test_many_devices_keep_their_rows(feed: Feed) -> None:
    for number in range(150):
        feed.send(imei=str(number), **DRIVING)
    assert [device.row for device in feed.fleet] == list(range(150))
    assert feed.fleet.activities.tolist() == [Activity.MOVING] * 150
    assert set(feed.fleet.data_ms.tolist()) == {feed.clock.now_ms()}


def test_age_decides_how_stale_a_device_is(feed: Feed) -> None:
    feed.send(**DRIVING)
    now_ms = feed.clock.now_ms()
    ages_ms = [0, 11 * MINUTE_MS, 31 * MINUTE_MS, 201 * MINUTE_MS]
    found = [int(feed.fleet.staleness(now_ms + age_ms)[0]) for age_ms in ages_ms]
    assert found == [Staleness.FRESH, Staleness.DUE, Staleness.OVERDUE, Staleness.SILENT]


def test_interval_is_learned_from_the_devices_own_times(feed: Feed) -> None:
    feed.send(**DRIVING)
    assert feed.fleet.intervals_ms.tolist() == [DRIVING_MS]
    for _ in range(5):
        feed.clock.advance(30)
        feed.send(**DRIVING)
    assert feed.fleet.intervals_ms.tolist() == [30 * SECOND_MS]
    feed.clock.advance(30)
    feed.send(**PARKED)
    assert feed.fleet.intervals_ms.tolist() == [PARKED_MS]


def test_stored_frames_sent_at_once_teach_the_interval_at_which_they_were_taken(
    feed: Feed,
) -> None:
    for age_s in range(600, 0, -60):
        feed.send(age_s=age_s, **DRIVING)
    assert feed.fleet.intervals_ms.tolist() == [MINUTE_MS]


def test_sleeping_unit_has_a_pace_of_its_own(feed: Feed) -> None:
    for _ in range(6):
        feed.clock.advance(12 * 3600)
        feed.send(**PARKED, gps=False)
    assert feed.fleet.intervals_ms.tolist() == [12 * HOUR_MS]


def test_interval_of_a_former_run_is_taken_over(feed: Feed) -> None:
    feed.fleet.cadences = {"100": {"driving": [30_000] * 5}}
    feed.send(**DRIVING)
    assert feed.fleet.intervals_ms.tolist() == [30 * SECOND_MS]


def test_stretch_in_which_a_device_was_overdue_is_told_with_its_end(feed: Feed) -> None:
    feed.send(**DRIVING)
    start_ms = feed.clock.now_ms()
    feed.clock.advance(31 * 60)
    applied = feed.send(**DRIVING)
    assert applied.silence == (start_ms + DRIVING_MS, feed.clock.now_ms())
    feed.clock.advance(60)
    assert feed.send(**DRIVING).silence is None


def test_what_a_device_does_now_changes_no_silence_of_then(feed: Feed) -> None:
    feed.send(**DRIVING)
    start_ms = feed.clock.now_ms()
    feed.clock.advance(60 * 60)
    # The list said for half an hour that it is overdue; that it has parked meanwhile comes later.
    assert feed.send(**PARKED).silence == (start_ms + DRIVING_MS, feed.clock.now_ms())
    feed.clock.advance(60 * 60)
    # It was to report once in 65 minutes, and drives since.
    assert feed.send(**DRIVING).silence is None


def test_silence_that_ends_with_stored_reports_lasts_until_they_came(feed: Feed) -> None:
    for _ in range(5):
        feed.send(**DRIVING)
        feed.clock.advance(10)
    start_ms = feed.clock.now_ms() - 10 * SECOND_MS
    feed.clock.advance(20 * 60)
    first = feed.send(**DRIVING, date=start_ms + 10 * SECOND_MS)
    assert first.live
    assert first.silence == (start_ms + 10 * SECOND_MS, feed.clock.now_ms())
    # The others of the upload, a gap among them, and the newest say nothing new.
    for behind_s in (900, 840, 200, 170, 140, 110, 80, 55, 25, 0):
        feed.clock.advance(0.1)
        date_ms = feed.clock.now_ms() - behind_s * SECOND_MS
        assert feed.send(**DRIVING, date=date_ms).silence is None


def test_same_old_report_told_again_and_again_is_one_silence(feed: Feed) -> None:
    for _ in range(5):
        feed.clock.advance(10)
        feed.send(**DRIVING)
    start_ms = feed.clock.now_ms()
    for _ in range(20):
        feed.clock.advance(20)
        assert feed.send(**DRIVING, date=start_ms).silence is None
    feed.clock.advance(20)
    assert feed.send(**DRIVING).silence == (start_ms + 10 * SECOND_MS, feed.clock.now_ms())


# Few fields, so that frames of equal and of different shape alternate.
NAMES = ("speed", "altitude", "mileage", "network_signal")
STATUSES = st.dictionaries(st.sampled_from(NAMES), st.none() | st.floats(0, 50))


@settings(deadline=None)
@given(st.lists(STATUSES, min_size=1, max_size=12))
def test_live_status_is_all_frames_laid_over_one_another(frames: list[dict[str, Any]]) -> None:
    feed = Feed()
    known: dict[str, Any] = {}
    for frame in frames:
        feed.clock.advance(1)
        known |= frame
        live = status_of(feed.send(**frame))
        assert {name: getattr(live, name) for name in NAMES} == {
            name: known.get(name, UNSET) for name in NAMES
        }


def test_late_frame_is_laid_over_nothing(feed: Feed) -> None:
    feed.send(speed=1)
    feed.send(age_s=60, altitude=5)
    feed.clock.advance(1)
    live = status_of(feed.send(mileage=7))
    assert (live.speed, live.altitude, live.mileage) == (1, UNSET, 7)


def test_devices_of_one_shape_keep_their_own_values(feed: Feed) -> None:
    for imei, voltage in (("1", 12.5), ("2", 24.5)):
        feed.send(imei=imei, external_power_voltage=voltage)
    for imei in ("1", "2"):
        feed.send(imei=imei, speed=5)
    assert [status_of(feed.send(imei=i, speed=6)).external_power_voltage for i in ("1", "2")] == [
        12.5,
        24.5,
    ]


def test_full_status_inherits_nothing(feed: Feed) -> None:
    device = feed.send(age_s=None, speed=5).device
    nothing: dict[str, Any] = dict.fromkeys(DeviceStatus.__struct_fields__)
    full = DeviceStatus(**nothing | {"measured": 0})
    for _ in range(2):
        feed.fleet.apply(device, full, b"", feed.clock.now_ms())
        assert device.status is full


def test_shapes_of_frames_cannot_fill_the_memory(
    feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "_SETS_KEPT", 3)
    for number, field in enumerate(STATUS_FIELDS):
        if field.spec.unit.value:
            value: dict[str, Any] = {field.wire: 1}
            feed.send(imei=str(number), **value)
    assert len(feed.fleet._merger._known) <= 3


@settings(deadline=None)
@given(st.lists(st.integers(-2 * DAY_MS, 2 * DAY_MS), min_size=1, max_size=30))
def test_live_time_never_falls_whatever_order_frames_come_in(offsets: list[int]) -> None:
    feed = Feed()
    newest = offset_ms = 0
    for offset in offsets:
        feed.clock.advance(1)
        device = feed.send(date=feed.clock.now_ms() + offset, speed=1).device
        assert device.data_ms is not None
        assert device.data_ms <= feed.clock.now_ms()
        # Times before a clock was found wrong, or put right, are in no order with those after.
        ahead_ms = device.clock.offset_ms if device.clock is not None else 0
        newest = newest if ahead_ms == offset_ms else 0
        offset_ms = ahead_ms
        assert (device.device_ms or 0) >= newest
        newest = device.device_ms or 0
    assert np.all(np.diff(feed.fleet.devices[0].series.samples().times) >= 0)
