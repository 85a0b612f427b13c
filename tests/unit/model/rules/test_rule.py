"""A rule keeps what it says on disk, also when this version does not understand all of it."""

from typing import Any

import msgspec
import pytest
from typing_extensions import override

from tftmonitor.model.alarms.codes import Severity
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.fleet.series import SampleRing
from tftmonitor.model.rules.condition import Unreadable
from tftmonitor.model.rules.conditions import FieldBelow, FlagIs, LinkDown
from tftmonitor.model.rules.defaults import DEFAULT_RULES
from tftmonitor.model.rules.index import RuleIndex
from tftmonitor.model.rules.rule import Rule, from_disk, to_disk
from tftmonitor.model.rules.watch import Watch
from tftmonitor.protocol.messages import SnapshotData

LOW = FieldBelow(field="external_power_voltage", limit=11.5, hysteresis=0.3, hold_s=60)


def device(key: str, model: str | None = None) -> Device:
    made = Device(0, key, SampleRing(1))
    made.model = model
    return made


def through_json(rule: Rule) -> Rule:
    return from_disk(msgspec.json.decode(msgspec.json.encode(to_disk(rule))))


def test_rule_comes_back_as_it_was() -> None:
    rule = Rule(
        id="a", name="Low", enabled=False, severity=Severity.HIGH, only_devices=("1",),
        only_models=("M",), while_ignition=True, condition=LOW,
    )  # fmt: skip
    assert through_json(rule) == rule
    for default in DEFAULT_RULES:
        assert through_json(default) == default


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        ({"when": "of_tomorrow", "x": 1}, "does not know the condition 'of_tomorrow'"),
        ({"when": ["?"]}, "does not know"),
        (None, "does not know"),
        ({"when": "field_below", "field": "speed", "limit": "much"}, "not readable"),
    ],
)
def test_condition_that_is_not_understood_is_kept_and_does_nothing(
    condition: Any, text: str
) -> None:
    raw = {"id": "a", "severity": 3, "condition": condition}
    rule = from_disk(raw)
    assert not rule.works
    assert text in rule.problem
    assert to_disk(rule)["condition"] == condition
    assert through_json(rule) == rule


@pytest.mark.parametrize("raw", [{"name": "x"}, {"id": "a", "severity": 9}, 5])
def test_what_is_no_rule_is_refused(raw: Any) -> None:
    with pytest.raises(msgspec.ValidationError):
        from_disk(raw)


def test_rule_whose_field_is_gone_is_kept_and_says_so() -> None:
    rule = from_disk({"id": "a", "condition": {"when": "flag_is", "field": "gone"}})
    assert rule.condition == FlagIs(field="gone")
    assert rule.enabled
    assert not rule.works
    assert "'gone'" in rule.problem


@pytest.mark.parametrize("name", ["", "a:b"])
def test_id_that_would_break_the_key_of_its_alarms_is_a_problem(name: str) -> None:
    assert "cannot be the id" in Rule(id=name, condition=LOW).problem


def test_defaults_work_and_only_our_own_link_is_watched_unasked() -> None:
    assert all(not rule.problem for rule in DEFAULT_RULES)
    assert len({rule.id for rule in DEFAULT_RULES}) == len(DEFAULT_RULES)
    enabled = [rule for rule in DEFAULT_RULES if rule.works]
    assert [(rule.condition, rule.severity) for rule in enabled] == [
        (LinkDown(None, 60), Severity.HIGH)
    ]


def test_scope_is_by_device_and_by_model() -> None:
    by_device = Rule(id="a", condition=LOW, only_devices=("1", "2"))
    by_model = Rule(id="a", condition=LOW, only_models=("M",))
    assert by_device.covers(device("1", "N"))
    assert not by_device.covers(device("3", "M"))
    assert by_model.covers(device("3", "M"))
    assert not by_model.covers(device("3"))
    assert Rule(id="a", condition=LOW).covers(device("3"))


def test_rule_in_text() -> None:
    rule = Rule(id="a", condition=LOW, while_ignition=False, only_models=("M", "N"))
    assert rule.title == LOW.describe()
    assert rule.sentence == f"{LOW.describe()}, while ignition is off"
    assert rule.scope_text == "M, N"
    on = msgspec.structs.replace(rule, while_ignition=True, only_devices=("1",), name="Low")
    assert on.sentence.endswith("while ignition is on")
    assert on.scope_text == "M, N and 1 device"
    assert on.title == "Low"
    two = Rule(id="a", condition=LOW, only_devices=("1", "2"))
    assert two.scope_text == "2 devices"
    assert Rule(id="a", condition=LOW).scope_text == "all"
    assert Rule(id="a", condition=LOW).sentence == LOW.describe()


def test_name_and_severity_alone_do_not_make_it_wait_for_something_else() -> None:
    rule = Rule(id="a", condition=LOW)
    same = msgspec.structs.replace(rule, name="x", severity=Severity.CRITICAL, enabled=False)
    assert rule.waits_for_same(same)
    for change in (
        {"condition": FlagIs(field="acc")}, {"only_devices": ("1",)}, {"only_models": ("M",)},
        {"while_ignition": True},
    ):  # fmt: skip
        assert not rule.waits_for_same(msgspec.structs.replace(rule, **change))


def test_unreadable_condition_is_not_written_as_our_own() -> None:
    rule = Rule(id="a", condition=Unreadable({"when": "x"}, "why"))
    assert to_disk(rule)["condition"] == {"when": "x"}


class CountedKey(str):
    """A key that counts how often it is compared with another."""

    __slots__ = ()
    compared = 0
    __hash__ = str.__hash__

    @override
    def __eq__(self, other: object) -> bool:
        CountedKey.compared += 1
        return str.__eq__(self, other)


def test_thousands_of_named_devices_are_not_compared_one_by_one() -> None:
    rule = Rule(id="a", condition=LOW, only_devices=tuple(f"{n}" for n in range(5_000)))
    named = device(CountedKey("4999"))
    assert rule.covers(named)
    CountedKey.compared = 0
    assert rule.covers(named)
    assert CountedKey.compared < 5


def test_part_of_the_name_is_looked_for_as_people_read_it() -> None:
    fleet = Fleet()
    fleet.set_names({"1": "Müller TRL-05", "2": "VAN-01"})
    trailer, van = (
        fleet.apply(SnapshotData(imei=key), DeviceStatus(), b"", 0).device for key in ("1", "2")
    )
    by_name = Rule(id="a", condition=LOW, only_named="mu\u0308LLER")
    assert by_name.covers(trailer)
    assert not by_name.covers(van)
    assert by_name.scope_text == "named “mu\u0308LLER”"
    assert from_disk(to_disk(by_name)) == by_name
    assert not by_name.waits_for_same(Rule(id="a", condition=LOW))


def test_rules_by_name_follow_a_new_name() -> None:
    fleet = Fleet()
    device = fleet.apply(SnapshotData(imei="1"), DeviceStatus(), b"", 0).device
    index = RuleIndex([Watch(Rule(id="a", condition=LOW, only_named="TRL"))])
    assert index.groups_for(device) == ()
    fleet.set_names({"1": "TRL-05"})
    assert len(index.groups_for(device)) == 1
