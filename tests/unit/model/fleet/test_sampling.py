import math
from typing import Annotated, Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from tftmonitor.model.fields.field import (
    FieldKind,
    FieldSpec,
    FieldTable,
    Flag,
    Number,
    Text,
    Whole,
)
from tftmonitor.model.fields.plausibility import LEFT_OUT
from tftmonitor.model.fields.plot import PLOTS, SERIES, SeriesLayout
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.fleet.sampling import SampleReader
from tftmonitor.protocol.messages import SnapshotData

NOW_MS = 1_795_212_060_000


def status(**values: Any) -> DeviceStatus:
    return msgspec.convert(values, DeviceStatus)


def test_channels_are_read_with_holes_where_nothing_is_known() -> None:
    reader = SampleReader(SERIES)
    values = dict(
        zip(
            [field.name for field in SERIES.channels],
            reader.values(status(speed=12.5, external_power_voltage=0, battery_voltage=-999.0)),
            strict=True,
        )
    )
    assert values["speed"] == 12.5
    assert np.isnan([values["external_power_voltage"], values["battery_voltage"]]).all()
    assert (values["lat"], values["lng"]) == (LEFT_OUT, LEFT_OUT)
    # What a frame leaves out is told from what it calls unknown.
    assert set(reader.values(status())) == {LEFT_OUT}
    assert np.isnan(reader.values(status(**dict.fromkeys(values)))).all()
    full = {field.wire: 5.0 for field in SERIES.channels}
    assert list(reader.values(status(**full))) == [5.0] * len(SERIES.channels)


def lanes_of(word: int) -> set[str]:
    return {lane.key for lane in SERIES.lanes if word >> lane.bit & 1}


def test_lanes_tell_on_off_and_unknown_apart() -> None:
    reader = SampleReader(SERIES)
    states, known = reader.lane_bits(status(acc=1, idle_status=0, input="1:1|2:0"))
    assert lanes_of(states & known) == {"acc", "input_1"}
    assert "acc" not in lanes_of(states & ~known)
    assert "is_usb_charging" in lanes_of(states & ~known)
    assert lanes_of(known) == {"acc", "idle_status", "input_1", "input_2"}
    states, known = reader.lane_bits(status(acc=-1, idle_status=None, input="garbage"))
    assert not known
    assert not lanes_of(states) & {"acc", "idle_status", "input_1"}


class Wide(msgspec.Struct):
    speed: Annotated[Number, FieldSpec("Speed", low=0, high=500, plot="speed")] = UNSET
    ev_power: Annotated[Number, FieldSpec("Power", low=0, high=500, plot="speed")] = UNSET
    plugged: Annotated[Flag, FieldSpec("Plugged", FieldKind.FLAG, lane="charging")] = UNSET


def test_plotted_field_of_another_status_class_gets_a_channel_and_a_lane() -> None:
    layout = SeriesLayout(FieldTable(Wide))
    reader = SampleReader(layout)
    values = reader.values(Wide(speed=5.0, ev_power=70.0))
    speed = next(plot for plot in PLOTS if plot.key == "speed")
    assert [values[number] for number in layout.channels_of(speed)] == [5.0, 70.0]
    assert reader.lane_bits(Wide(plugged=True)) == (1, 1)
    assert reader.lane_bits(Wide(plugged=0)) == (0, 1)


def test_layout_without_lanes_has_none() -> None:
    class Plain(msgspec.Struct):
        speed: Annotated[Number, FieldSpec("Speed", plot="speed")] = UNSET

    reader = SampleReader(SeriesLayout(FieldTable(Plain)))
    assert reader.lane_bits(Plain(5.0)) == (0, 0)


def test_more_lanes_than_a_word_has_bits_is_a_mistake_that_is_told() -> None:
    class Pins(msgspec.Struct):
        a: Annotated[Text, FieldSpec("As", FieldKind.PINS, lane="a")] = UNSET
        b: Annotated[Text, FieldSpec("Bs", FieldKind.PINS, lane="b")] = UNSET
        c: Annotated[Flag, FieldSpec("C", FieldKind.FLAG, lane="c")] = UNSET

    with pytest.raises(ValueError, match="16 bits"):
        SeriesLayout(FieldTable(Pins))


def test_every_plot_has_curves_and_every_curve_a_plot() -> None:
    numbers = [number for plot in PLOTS for number in SERIES.channels_of(plot)]
    assert SERIES.track is not None
    numbers += SERIES.track
    assert sorted(numbers) == list(range(len(SERIES.channels)))
    assert all(SERIES.channels_of(plot) for plot in PLOTS)
    assert len({lane.bit for lane in SERIES.lanes}) == len(SERIES.lanes)
    assert {lane.title for lane in SERIES.lanes} >= {"Ignition", "Input 1", "Input 8"}


def test_pins_and_chargers_show_only_once_they_were_on() -> None:
    shown = {lane.key: lane.only_when_on for lane in SERIES.lanes}
    assert shown["input_1"]
    assert shown["is_usb_charging"]
    assert not shown["acc"]


class Odd(msgspec.Struct):
    plain: Annotated[Number, FieldSpec("A", plot="speed", low=-5, high=5, unknown=(-1, -999))] = (
        UNSET
    )
    open_end: Annotated[Number, FieldSpec("B", plot="speed")] = UNSET
    count: Annotated[Whole, FieldSpec("C", FieldKind.COUNT, plot="speed")] = UNSET
    void: Annotated[Number, FieldSpec("D", plot="speed", void=lambda status: status.plain)] = UNSET


ODD = FieldTable(Odd)
ODD_READER = SampleReader(SeriesLayout(ODD))
NUMBERS = st.sampled_from(
    [0.0, -0.0, 1.5, -1.0, -999.0, 5.0, 5.1, -5.0, -6.0, math.nan, math.inf, -math.inf, 3, None]
)


@settings(deadline=None)
@given(NUMBERS, NUMBERS, st.sampled_from([UNSET, None, 0, 7, -999]), NUMBERS)
def test_curves_hold_what_the_table_reads(a: Any, b: Any, c: Any, d: Any) -> None:
    status = Odd(a, b, c, d)
    for value, field in zip(ODD_READER.values(status), ODD, strict=True):
        wanted = LEFT_OUT if field.raw(status) is UNSET else field.read(status, 0)
        assert math.isnan(value) if wanted is None else value == wanted
        assert math.copysign(1, value) == 1 or value < 0 or wanted is None


def test_places_are_kept_with_each_sample_and_only_while_there_is_a_fix() -> None:
    fleet = Fleet()
    for second, valid in enumerate((True, False, True)):
        now_ms = NOW_MS + second * 1_000
        sent = status(date=now_ms, lat=52.5 + second, lng=13.4, latlng_valid=valid, acc=True)
        device = fleet.apply(SnapshotData(imei="a"), sent, b"", now_ms).device
    assert SERIES.track is not None
    samples = device.series.samples()
    latitude, longitude = (samples.values[channel] for channel in SERIES.track)
    np.testing.assert_allclose(latitude, [52.5, np.nan, 54.5])
    np.testing.assert_allclose(longitude, [13.4, np.nan, 13.4], rtol=1e-6)


def test_a_place_can_be_plotted_and_is_not_kept_twice() -> None:
    wider = SERIES.adding(["lat"])
    assert [plot.key for plot in wider.added] == ["lat"]
    assert wider.extra == ()
    assert wider.track == SERIES.track


def test_a_table_without_places_has_no_track() -> None:
    class Small(msgspec.Struct):
        speed: Annotated[Number, FieldSpec("Speed", plot="speed")] = UNSET

    layout = SeriesLayout(FieldTable(Small))
    assert layout.track is None
    assert [field.name for field in layout.channels] == ["speed"]
