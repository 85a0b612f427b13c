from typing import Any

import msgspec
import numpy as np
import pytest
from msgspec import UNSET

from tftmonitor.base.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, ManualClock
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.activity import Activity
from tftmonitor.model.fleet.cadence import Pace
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.fleet import AppliedSnapshot, Fleet
from tftmonitor.model.fleet.identity import Identity
from tftmonitor.model.fleet.records import Records
from tftmonitor.model.fleet.who import rows
from tftmonitor.model.fleet.who.unit import Ids
from tftmonitor.protocol.messages import AlarmNotice, SnapshotData

DRIVING: dict[str, Any] = {"speed": 50.0, "acc": 1, "lat": 50.0, "lng": 8.0, "latlng_valid": 1}


class Feed:
    """A fleet, its clock, and a short way to hand it snapshots."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.fleet = Fleet()
        self.joins: list[tuple[str, str]] = []
        self.conflicts: list[tuple[str, bool]] = []
        self.fleet.joined.add(lambda gone, unit: self.joins.append((gone.key, unit.key)))
        self.fleet.conflicts.changed.add(
            lambda conflict, stands, _ms: self.conflicts.append((conflict.text, stands))
        )

    def apply(
        self,
        imei: Any = None,
        key: Any = None,
        number: Any = None,
        *,
        model: str | None = None,
        age_s: float = 0.0,
        **status: Any,
    ) -> AppliedSnapshot:
        status.setdefault("date", self.clock.now_ms() - round(age_s * SECOND_MS))
        data = SnapshotData(key, number, imei, model)
        converted = msgspec.convert(status, DeviceStatus)
        return self.fleet.apply(data, converted, b"{}", self.clock.now_ms())

    def send(self, *ids: Any, **status: Any) -> Device:
        device = self.apply(*ids, **status).device
        self.clock.advance(1)
        return device

    def records(self, kind: str, number: int, **ids: Any) -> Device:
        now_ms = self.clock.now_ms()
        event = Records(kind, Identity("", **ids), now_ms, [{"value": number}])
        return self.fleet.keep_records(event, f"{number}".encode(), now_ms)


@pytest.fixture
def feed() -> Feed:
    return Feed()


# Joining.


def test_newer_values_win_over_the_older_and_what_they_lack_is_kept(feed: Feed) -> None:
    feed.send(None, "K", speed=10.0, external_power_voltage=12.5, model="T1")
    feed.send("A", speed=20.0, battery_voltage=4.1)
    device = feed.send("A", "K", speed=30.0)
    status = device.status
    assert status is not None
    assert (status.speed, status.external_power_voltage, status.battery_voltage) == (
        30.0,
        12.5,
        4.1,
    )
    assert set(device.inherited) == {"external_power_voltage", "battery_voltage"}
    assert device.inherited["battery_voltage"] - device.inherited["external_power_voltage"] == 1000
    assert (device.key, device.model, device.snapshots) == ("K", "T1", 3)
    assert len(device.series) == 3


def test_older_row_keeps_its_newer_values(feed: Feed) -> None:
    older = feed.send(None, "K", age_s=0, speed=20.0)
    feed.send("A", age_s=60, speed=10.0, battery_voltage=4.1)
    device = feed.fleet.mention(AlarmNotice("A", "K"), feed.clock.now_ms())
    assert device is older
    assert older.status is not None
    assert (older.status.speed, older.status.battery_voltage) == (20.0, 4.1)
    times = older.series.samples().times
    assert list(times) == sorted(times)
    assert len(times) == 2


def test_values_that_were_joined_outlive_the_next_frames(feed: Feed) -> None:
    feed.send(None, "K", external_power_voltage=12.5)
    feed.send("A", "L", speed=20.0)
    feed.send("B", speed=20.0)
    feed.send("B", "K", speed=30.0)
    device = feed.send("B", "K", speed=31.0)
    assert device.status is not None
    assert device.status.external_power_voltage == 12.5


def test_row_that_was_joined_stays_as_a_hidden_one(feed: Feed) -> None:
    device, gone = feed.send(None, "K", **DRIVING), feed.send("A", **DRIVING)
    feed.send("A", "K", **DRIVING)
    fleet = feed.fleet
    assert gone.is_hidden
    assert list(fleet) == [device]
    assert len(fleet) == 1
    assert fleet.devices == [device, gone]
    assert fleet.hidden.tolist() == [False, True]
    assert fleet.activities.tolist() == [Activity.MOVING, Activity.NO_DATA]
    assert fleet.data_ms[1] == 0
    assert fleet.find("A") is fleet.find("K") is device
    assert feed.joins == [("A", "K")]
    assert {0, 1} <= fleet.changes.rows


def test_frames_by_the_former_id_are_of_the_joined_one(feed: Feed) -> None:
    feed.send("A", speed=1.0)
    first = feed.send(None, None, 7, speed=2.0)
    device = feed.send("A", None, 7, speed=3.0)
    assert device is not first
    assert feed.send(None, None, 7, speed=4.0) is device
    assert feed.send(None, None, "7", speed=5.0) is device
    assert device.snapshots == 5


def test_ids_that_are_written_otherwise_follow_as_well(feed: Feed) -> None:
    device = feed.send(None, "K", speed=1.0)
    gone = feed.send(" A ", speed=1.0)
    assert feed.send(" A ", speed=1.0) is feed.send("A") is gone
    assert feed.send("A", "K", speed=2.0) is device
    assert feed.send(" A ", speed=3.0) is feed.send("A", speed=3.0) is device


def test_records_and_their_frames_go_with_it(feed: Feed) -> None:
    feed.records("driver", 1, device_key="K")
    feed.records("tyre", 1, device_key="K")
    feed.clock.advance(1)
    feed.records("driver", 2, imei="A")
    feed.records("fuel", 2, imei="A")
    device = feed.records("late", 3, imei="A", device_key="K")
    assert {kind: kept.event.records[0]["value"] for kind, kept in device.records.items()} == {
        "driver": 2,
        "tyre": 1,
        "fuel": 2,
        "late": 3,
    }
    assert device.record_frames["driver"] == b"2"
    assert feed.fleet.rows_with_records == {device.row}


def test_older_records_replace_no_newer_ones(feed: Feed) -> None:
    kept = feed.records("driver", 1, device_key="K")
    feed.records("driver", 2, imei="A")
    feed.clock.advance(1)
    feed.records("driver", 3, device_key="K")
    feed.records("x", 4, imei="A", device_key="K")
    assert kept.records["driver"].event.records == [{"value": 3}]


def test_records_that_are_dated_before_the_kept_ones_replace_none(feed: Feed) -> None:
    kept = feed.records("driver", 1, device_key="K")
    now_ms = feed.clock.now_ms()
    stored = Records("driver", Identity("", "A"), now_ms - MINUTE_MS, [{"value": 2}])
    feed.fleet.keep_records(stored, b"2", now_ms)
    feed.fleet.mention(AlarmNotice("A", "K"), now_ms)
    assert kept.records["driver"].event.records == [{"value": 1}]


def test_cadence_of_each_pace_goes_with_it(feed: Feed) -> None:
    parked = {**DRIVING, "speed": 0.0, "acc": 0}
    for _ in range(6):
        feed.send(None, "K", **parked)
        feed.clock.advance(59)
    for _ in range(6):
        feed.send("A", **DRIVING)
        feed.clock.advance(29)
    device = feed.send("A", "K", **DRIVING)
    assert device.cadence.usual_ms(Pace.PARKED) == 60_000
    assert device.cadence.usual_ms(Pace.DRIVING) == 30_000
    assert device.interval_ms == feed.fleet.intervals_ms[device.row] == 30_000


def test_join_with_a_row_that_has_no_status_keeps_the_other(feed: Feed) -> None:
    feed.records("driver", 1, device_key="K")
    feed.send("A", speed=20.0)
    device = feed.send("A", "K", battery_voltage=4.0)
    assert device.status is not None
    assert (device.key, device.status.speed) == ("K", 20.0)


def test_names_of_either_are_kept(feed: Feed) -> None:
    feed.fleet.set_names({"A": "VAN"})
    feed.send(None, "K", speed=1.0)
    device = feed.send("A", speed=1.0)
    assert device.name == "VAN"
    assert feed.send("A", "K", speed=1.0).name == "VAN"


def test_what_was_learned_under_any_of_the_ids_is_restored(feed: Feed) -> None:
    feed.fleet.cadences = {"K": {"driving": [20_000] * 4}}
    device = feed.send("A", **DRIVING)
    assert device.cadence.usual_ms(Pace.DRIVING) == 10 * MINUTE_MS
    other = feed.send("B", "K", **DRIVING)
    assert other.cadence.usual_ms(Pace.DRIVING) == 20_000


def test_ring_of_many_blocks_is_merged_in_order(feed: Feed) -> None:
    for n in range(200):
        feed.send(None, "K", speed=float(n))
        feed.send("A", speed=float(n))
    device = feed.send("A", "K", speed=0.0)
    times = device.series.samples().times
    assert len(device.series) == len(times) == 401
    assert bool(np.all(np.diff(times) > 0))
    feed.apply("A", "K", age_s=100.5, speed=7.0)
    assert len(device.series) == 402
    assert bool(np.all(np.diff(device.series.samples().times) >= 0))
    for _ in range(200):
        feed.send("A", "K", speed=1.0)
    assert bool(np.all(np.diff(device.series.samples().times) >= 0))
    assert len(device.series) == 602


# The frame says less or more than the one before.


def test_alternating_ids_lead_to_one_row(feed: Feed) -> None:
    device = feed.send("A", "K", 1, model="T1")
    several = [("A",), ("A", "K"), ("A", "K", 1), (None, "K"), (None, None, 1), (" A ",)]
    for ids in 3 * several:
        assert feed.send(*ids) is device
    for model in ("T2", "T1", "T2", "T2", None, "T1"):
        assert feed.send("A", "K", 1, model=model).model == (model or "T2")


def test_ways_of_naming_that_are_remembered_are_bounded(
    feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "_SAID_KEPT", 1)
    device = feed.send("A", "K", 1)
    for _ in range(2):
        assert feed.send("A") is feed.send("A", "K") is device
    assert len(feed.fleet._said) == 1


def test_id_that_went_over_to_another_unit_leads_there(feed: Feed) -> None:
    one, other = feed.send("A", "KA", 1), feed.send("B", "KB", 2)
    assert feed.send(None, None, 1) is feed.send(None, None, 1) is one
    feed.send("A", "KA", 2)
    feed.send("B", "KB", 1)
    assert feed.send(None, None, 1) is feed.send(None, None, 1) is other
    assert feed.send(None, None, 2) is one


def test_model_of_who_shares_an_id_is_noted(feed: Feed) -> None:
    both(feed)
    assert feed.send("A", "K2", 2, model="T8").model == "T8"


def test_frame_without_a_usable_id_has_a_row_of_its_own(feed: Feed) -> None:
    assert feed.send("  ").key == "no id"
    assert feed.send("000").key == "000"


def test_ids_of_a_restart_lead_to_the_same_keys(feed: Feed) -> None:
    feed.send(None, "K")
    feed.send("A", "K", 1)
    feed.send("B", "L", 2)
    feed.send("C", "M1", 3)
    feed.send("C", "M2", 4)
    kept = feed.fleet.export_identities()
    assert kept == {
        "K": ["A", "K", "1"],
        "M2": ["C", "M2", "4"],
        "C": ["C", "M1", "3"],
    }
    again = Feed()
    again.fleet.restore_identities(kept)
    assert len(again.fleet) == 0
    assert again.fleet.find("K") is None
    assert again.send("A", "K", 1).key == "K"
    assert again.send("C", "M2", 4).key == "M2"
    assert again.send("C", "M1", 3).key == "C"


def test_former_keys_outlive_a_restart(feed: Feed) -> None:
    feed.send(None, "K")
    feed.send("A")
    feed.send("A", "K")
    again = Feed()
    again.fleet.restore_identities(feed.fleet.export_identities())
    assert again.fleet.expect("A").key == "K"
    assert again.fleet.expect("A", Ids("A")).key == "K"


# Messages.


def test_message_that_names_nobody(feed: Feed) -> None:
    assert feed.fleet.mention(AlarmNotice(), feed.clock.now_ms()) is None


def test_what_a_message_named_joins_the_row_that_turns_out_to_be_it(feed: Feed) -> None:
    named = feed.fleet.mention(AlarmNotice(id="910001"), feed.clock.now_ms())
    assert named is not None
    assert feed.fleet.find("910001") is None
    device = feed.send("A", "K")
    assert feed.send("A", "K", 910001) is device
    assert feed.joins == [("910001", "A")]
    assert feed.fleet.find("910001") is device


def test_two_that_only_messages_named_join(feed: Feed) -> None:
    for notice in (AlarmNotice(id="1"), AlarmNotice("A"), AlarmNotice("A", id="1")):
        feed.fleet.mention(notice, feed.clock.now_ms())
    assert feed.joins == [("A", "1")]


def test_number_of_an_alarm_is_no_id_that_contradicts(feed: Feed) -> None:
    device = feed.send("A", "K", 1)
    now_ms = feed.clock.now_ms()
    assert feed.fleet.mention(AlarmNotice("A", id="777"), now_ms) is device
    assert feed.fleet.mention(AlarmNotice("A", id="778"), now_ms) is device
    assert (device.id, feed.conflicts) == ("1", [])


def test_number_of_an_alarm_that_came_first_is_no_id_of_its_unit(feed: Feed) -> None:
    now_ms = feed.clock.now_ms()
    named = feed.fleet.mention(AlarmNotice("A", id="777"), now_ms)
    assert named is not None
    device = feed.send("A", "K", 910001)
    feed.fleet.mention(AlarmNotice("A", "K", id="778"), now_ms)
    assert feed.send("A", "K", 910001) is device
    assert (device.key, device.id, feed.conflicts) == (named.key, "910001", [])


def test_imei_of_the_network_in_a_message_leads_to_its_unit(feed: Feed) -> None:
    device = feed.send("A", "990000900000001", 1)
    now_ms = feed.clock.now_ms()
    assert feed.fleet.mention(AlarmNotice("990000900000001"), now_ms) is device
    assert feed.fleet.mention(AlarmNotice("990000900000001", id="1"), now_ms) is device


# Two units that answer to one id.

TWO = "two units answer to this IMEI (A): device key K1, ID 1; device key K2, ID 2"


def both(feed: Feed) -> tuple[Device, Device]:
    return feed.send("A", "K1", 1, mileage=100), feed.send("A", "K2", 2, speed=5.0)


def test_two_units_with_one_imei_are_told_once_at_both(feed: Feed) -> None:
    one, other = both(feed)
    for _ in range(3):
        assert both(feed) == (one, other)
    assert feed.conflicts == [(TWO, True)]
    assert one.trouble == other.trouble == TWO
    assert one.status is not None
    assert other.status is not None
    assert not isinstance(other.status.mileage, int | float)


def test_what_came_by_the_shared_imei_alone_is_left_to_none_of_them(feed: Feed) -> None:
    feed.send("A", mileage=300, battery_voltage=3.9)
    one = feed.send("A", "K1", 1, external_power_voltage=12.5, mileage=100)
    feed.send("A", "K1", 1, speed=4.0)
    assert one.status is not None
    assert one.status.battery_voltage == 3.9
    feed.send("A", "K2", 2, mileage=200)
    feed.send("A", "K1", 1, speed=5.0)
    status = one.status
    assert status is not None
    assert (status.battery_voltage, status.external_power_voltage) == (UNSET, 12.5)
    assert (status.mileage, status.speed) == (100, 5.0)
    assert "battery_voltage" not in one.inherited


def test_nothing_is_left_of_records_and_of_frames_by_the_imei_alone(feed: Feed) -> None:
    feed.records("driver", 1, imei="A")
    one = feed.records("driver", 1, imei="A", device_key="K1")
    feed.send("A", "K2", 2)
    assert one.status is None
    feed.send("B", mileage=300)
    two = feed.send("B", "L1", 1)
    feed.send("B", "L2", 2)
    assert two.status is not None
    assert (two.status.mileage, dict(two.inherited)) == (UNSET, {})


def test_unit_that_falls_quiet_ends_the_conflict(feed: Feed) -> None:
    one, other = both(feed)
    feed.clock.advance(4 * HOUR_MS / SECOND_MS)
    feed.fleet.conflicts.tick(feed.clock.now_ms())
    assert feed.conflicts[-1] == (TWO, False)
    assert one.trouble == other.trouble == ""
    feed.send("A", "K2", 2)
    assert len(feed.conflicts) == 2
    feed.send("A", "K1", 1)
    assert feed.conflicts[-1] == (TWO, True)


def test_conflict_ends_with_the_next_frame_of_who_goes_on(feed: Feed) -> None:
    both(feed)
    feed.clock.advance(DAY_MS / SECOND_MS + 60)
    feed.send("A", "K2", 2)
    assert feed.conflicts[-1] == (TWO, False)


def test_third_unit_changes_what_is_told(feed: Feed) -> None:
    both(feed)
    third = feed.send("A", "K3", 3)
    assert third.trouble.startswith("three units answer to this IMEI")
    feed.send("A", "K4", 4)
    assert third.trouble.startswith("4 units answer to this IMEI")
    feed.fleet.conflicts.tick(feed.clock.now_ms())
    assert len(feed.conflicts) == 3
    feed.clock.advance(HOUR_MS / SECOND_MS * 3)
    feed.send("A", "K3", 3)
    feed.clock.advance(HOUR_MS / SECOND_MS / 2)
    feed.fleet.conflicts.tick(feed.clock.now_ms())
    assert third.trouble == ""


def test_tick_tells_of_who_is_left(feed: Feed) -> None:
    both(feed)
    feed.clock.advance(3 * HOUR_MS / SECOND_MS)
    feed.send("A", "K3", 3)
    feed.send("A", "K2", 2)
    feed.clock.advance(HOUR_MS / SECOND_MS)
    feed.fleet.conflicts.tick(feed.clock.now_ms())
    assert feed.conflicts[-1] == (
        "two units answer to this IMEI (A): device key K2, ID 2; device key K3, ID 3",
        True,
    )


def test_id_that_is_shared_as_well_is_not_told_twice(feed: Feed) -> None:
    for _ in range(3):
        feed.send("A", "K1", 1)
        feed.send("A", "K2", 1)
    assert [text.partition(" (")[0] for text, _ in feed.conflicts] == [
        "two units answer to this IMEI"
    ]


def test_one_id_under_two_imeis_is_told_when_both_go_on(feed: Feed) -> None:
    feed.send("A", None, 5)
    feed.send("B", None, 5)
    assert feed.conflicts == []
    feed.send("A", None, 5)
    assert feed.conflicts == [("two units answer to this ID (5): IMEI A; IMEI B", True)]


def test_swapped_ids_are_no_conflict(feed: Feed) -> None:
    feed.send("A", "KA", 1)
    feed.send("B", "KB", 2)
    feed.send("A", "KA", 2)
    feed.send("B", "KB", 1)
    feed.send("A", "KA", 2)
    assert feed.conflicts == []


def test_frame_that_may_be_of_either_has_a_row_that_says_so(feed: Feed) -> None:
    one, other = both(feed)
    unclear = feed.send("A", speed=99.0)
    assert unclear not in (one, other)
    assert unclear.key == "A (one of several)"
    assert unclear.trouble == (
        "two units answer to this IMEI, and it is not known which of them sent this"
    )
    assert unclear.doubt == unclear.trouble
    assert other.status is not None
    assert other.status.speed == 5.0


def test_frame_that_may_be_of_either_after_both_fell_quiet(feed: Feed) -> None:
    both(feed)
    feed.clock.advance(2 * DAY_MS / SECOND_MS)
    assert feed.send("A").trouble.startswith("several units answer to this name")


def test_bare_frames_are_of_who_replaced_another(feed: Feed) -> None:
    feed.send("A", "K1", 1)
    feed.clock.advance(DAY_MS / SECOND_MS + 60)
    replaced = feed.send("A", "K2", 1)
    assert feed.send("A") is replaced
    assert feed.conflicts == []


def test_message_of_either_says_so(feed: Feed) -> None:
    both(feed)
    unit = feed.fleet.mention(AlarmNotice("A"), feed.clock.now_ms())
    assert unit is not None
    assert unit.doubt.startswith("two units answer to this IMEI")
    assert not isinstance(unit, Device)
    assert feed.fleet.find("A (one of several)") is None


def test_message_of_another_key_under_the_imei_is_a_conflict(feed: Feed) -> None:
    feed.send("A", "K1", 1)
    feed.fleet.mention(AlarmNotice("A", "K2"), feed.clock.now_ms())
    assert feed.conflicts == [
        ("two units answer to this IMEI (A): device key K1, ID 1; device key K2", True)
    ]


def test_join_that_ends_a_conflict(feed: Feed) -> None:
    feed.send("A", None, 1)
    feed.send("A", None, 2)
    feed.send("A", None, 1)
    feed.send("A", "K", 1)
    feed.send("A", "K", 2)
    assert [stands for _text, stands in feed.conflicts] == [True, False]
    assert len(feed.fleet) == 1
