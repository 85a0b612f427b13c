"""Fields that the user adds to the plots: sampled at once, in rings that keep what they have."""

import json
import math
from typing import Annotated, Any

import msgspec
import numpy as np
import pytest
from msgspec import UNSET

from tests.unit.model.fleet.test_series import fill
from tftmonitor.model.fields.field import FieldSpec, FieldTable, Number
from tftmonitor.model.fields.plausibility import LEFT_OUT
from tftmonitor.model.fields.plot import MOST_ADDED, PLOTS, SERIES, SeriesLayout
from tftmonitor.model.fields.status import STATUS_FIELDS
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.fleet.sampling import SampleReader
from tftmonitor.model.fleet.series import BLOCK, CAPACITY, SampleRing, Samples
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.codec import decode
from tftmonitor.protocol.messages import Snapshot

NOW_MS = 1_795_212_060_000
BASE = len(SERIES.channels)


class Feed:
    def __init__(self) -> None:
        self.fleet, self.now_ms = Fleet(), NOW_MS

    def send(self, ids: dict[str, str] | None = None, **status: Any) -> Device:
        self.now_ms += 10_000
        data = {**(ids or {"imei": "1"}), "status": {"date": self.now_ms, **status}}
        frame = json.dumps({"event": "snapshot", "data": data, "error": 0}).encode()
        push = decode(Channel.DEVICES, frame)
        assert isinstance(push, Snapshot)
        return self.fleet.apply(push.data, push.status, frame, self.now_ms).device


@pytest.fixture
def feed() -> Feed:
    return Feed()


def column(samples: Samples, name: str) -> list[float]:
    """The values of an added field, -1 where unknown."""
    place = len(samples.values) - len(samples.extra) + samples.extra.index(name)
    return [float(value) for value in np.nan_to_num(samples.values[place], nan=-1.0)]


def test_added_fields_stand_behind_the_others_whose_places_stay() -> None:
    layout = SERIES.adding(["rpm", "hdop"])
    assert layout.channels[:BASE] == SERIES.channels
    assert [field.name for field in layout.channels[BASE:]] == ["rpm", "hdop"]
    assert [layout.channels_of(plot) for plot in layout.added] == [[BASE], [BASE + 1]]
    assert [layout.channels_of(plot) for plot in PLOTS] == [SERIES.channels_of(p) for p in PLOTS]


def test_what_is_no_number_or_too_much_is_left_out() -> None:
    wanted = ["acc", "address", "rpm", "of the future", "rpm", "date", "iop", "speed"]
    assert [plot.key for plot in SERIES.adding(wanted).added] == ["rpm"]
    many = ["rpm", "hdop", "altitude", "azimuth", "mileage", "fuel"]
    assert SERIES.adding(many).extra == tuple(many[:MOST_ADDED])


def test_curve_of_a_plot_with_others_gets_one_of_its_own_without_another_channel() -> None:
    layout = SERIES.adding(["battery_voltage"])
    (plot,) = layout.added
    assert (layout.extra, len(layout.channels)) == ((), BASE)
    assert [layout.channels[n].name for n in layout.channels_of(plot)] == ["battery_voltage"]


def test_added_field_is_sampled_from_the_next_report_on(feed: Feed) -> None:
    device = feed.send(speed=1, rpm=700)
    feed.fleet.add_plots(["rpm"])
    feed.send(speed=2, rpm=800)
    feed.send(speed=3)
    feed.send(speed=4, rpm=None)
    samples = device.series.samples()
    assert column(samples, "rpm") == [-1, 800, 800, -1]
    assert samples.values[0].tolist() == [1, 2, 3, 4]
    assert samples.since[BASE].tolist()[2] == samples.times[1]
    feed.fleet.add_plots([])
    feed.send(speed=5, rpm=900)
    assert device.series.samples().values.shape == (BASE, 5)
    assert device.series.samples().values[0].tolist() == [1, 2, 3, 4, 5]


def test_fields_keep_their_samples_when_others_come_and_go(feed: Feed) -> None:
    feed.fleet.add_plots(["rpm", "hdop"])
    device = feed.send(rpm=700, hdop=1)
    feed.fleet.add_plots(["hdop", "altitude"])
    feed.send(rpm=800, hdop=2, altitude=300)
    samples = device.series.samples()
    assert samples.extra == ("hdop", "altitude")
    assert (column(samples, "hdop"), column(samples, "altitude")) == ([1, 2], [-1, 300])


def test_place_without_a_fix_is_unknown_in_an_added_plot_too(feed: Feed) -> None:
    feed.fleet.add_plots(["altitude"])
    device = feed.send(lat=50, lng=8, altitude=90, latlng_valid=True)
    feed.send(lat=51, lng=8, altitude=91, latlng_valid=False)
    assert column(device.series.samples(), "altitude") == [90, -1]


def test_rows_that_join_bring_what_was_added(feed: Feed) -> None:
    older = feed.send({"imei": "1"}, rpm=700)
    feed.fleet.add_plots(["rpm"])
    feed.send({"id": "a"}, rpm=800)
    feed.send({"imei": "1", "id": "a"}, rpm=900)
    assert column(older.series.samples(), "rpm") == [-1, 800, 900]


def test_full_ring_is_converted_and_stays_within_its_bounds() -> None:
    ring = SampleRing(2)
    fill(ring, [float(time_s) for time_s in range(CAPACITY)])
    before = ring.samples()
    ring.set_extra(("rpm", "hdop"))
    assert len(ring) == len(before.times)
    assert (ring.samples().values[:2] == before.values).all()
    assert (ring.samples().states == before.states).all()
    for time_s in range(CAPACITY, CAPACITY + 3 * BLOCK):
        ring.add(time_s, (1.0, 2.0, 3.0, 4.0), 0, 0)
    assert CAPACITY - 2 * BLOCK < len(ring) <= CAPACITY + BLOCK
    assert ring.samples().times[-1] == CAPACITY + 3 * BLOCK - 1
    assert column(ring.samples(), "hdop")[-1] == 4.0
    size = sum(map(len, ring._whole)) + len(ring._block)
    assert size <= (CAPACITY + 2 * BLOCK) * (8 + 4 * 4 + 4)


def test_late_sample_is_not_carried_over_what_nobody_looked_at() -> None:
    ring = SampleRing(1)
    for time_s in (10.0, 20.0, 30.0):
        ring.add(time_s, (1.0,), 0, 0)
    ring.set_extra(("rpm",))
    ring.add(15.0, (1.0, 700.0), 0, 0)
    ring.add(40.0, (1.0, LEFT_OUT), 0, 0)
    assert column(ring.samples(), "rpm") == [-1, 700, -1, -1, -1]


class Endless(msgspec.Struct):
    plain: Annotated[Number, FieldSpec("Plain")] = UNSET


@pytest.mark.parametrize("value", [1e39, -1e300, 10**300, 3.5e38])
def test_number_that_a_sample_cannot_hold_is_unknown(value: float) -> None:
    ring = SampleRing(0, extra=("plain",))
    reader = SampleReader(SeriesLayout(FieldTable(Endless), ["plain"]))
    (read,) = reader.values(Endless(value))
    ring.add(0.0, [read], 0, 0)
    assert math.isnan(read)
    assert reader.values(Endless(3.4e38)) == [3.4e38]


def test_samples_of_former_plots_line_up_with_later_ones() -> None:
    ring = SampleRing(1, extra=("rpm",))
    ring.add(1.0, (5.0, 700.0), 0, 0)
    kept = ring.samples()
    assert kept.arranged(("rpm",)) is kept
    ring.set_extra(("hdop", "rpm"))
    ring.add(2.0, (6.0, 1.0, 800.0), 0, 0)
    both = kept.join(ring.samples().pick(slice(1, 2)))
    assert (column(both, "hdop"), column(both, "rpm")) == ([-1, 1], [700, 800])
    assert both.values[0].tolist() == [5, 6]
    assert both.since.shape == both.values.shape


def test_every_number_that_can_be_added_fits_into_a_sample() -> None:
    fields = [field for field in STATUS_FIELDS if SERIES.can_add(field)]
    assert len(fields) > 30
    for field in fields:
        (plot,) = SERIES.adding([field.name]).added
        assert plot.least_span > 0
        assert plot.title
