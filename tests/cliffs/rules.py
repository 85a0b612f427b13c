"""Rules: their pane, and those that are for devices by name."""

from tests.cliffs.situation import Act, Situation, new_harness
from tftmonitor.model.alarms.numbering import CodeResolver
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.model.rules.conditions import FieldAbove
from tftmonitor.model.rules.rule import Rule
from tftmonitor.monitor.alarm_service import AlarmService
from tftmonitor.monitor.rules.rule_engine import RuleEngine
from tftmonitor.settings.rules_file import RulesFile
from tftmonitor.ui.rules.pane import RulesPane


def _fired(rules: int) -> Act:
    harness = new_harness()
    service = AlarmService(OpenAlarms(), None, CodeResolver(), harness.clock, harness.fleet.find)
    file = RulesFile(harness.settings.path.parent)
    file.save(
        [Rule(id=f"r{n}", condition=FieldAbove(field="speed", limit=n)) for n in range(rules)]
    )
    engine = RuleEngine(harness.fleet, service, harness.clock, file.rules)
    pane = harness.show(
        RulesPane(engine, file, harness.fleet, harness.clock, harness.settings), 700, 420
    )
    device = harness.snapshot(speed=rules + 1)
    assert device.status is not None
    engine.on_snapshot(device, device.status, harness.clock.now_ms())
    assert len(engine.fired) == rules

    def second(_turn: int) -> None:
        harness.clock.advance(1)
        pane.tick()

    return second


def _scoped(devices: int) -> Act:
    """A rule for half of the devices, by name."""
    harness = new_harness()
    service = AlarmService(OpenAlarms(), None, CodeResolver(), harness.clock, harness.fleet.find)
    for number in range(devices):
        harness.snapshot(f"{number:015d}", speed=5)
    keys = [device.key for device in harness.fleet]
    engine = RuleEngine(harness.fleet, service, harness.clock, ())

    def put(turn: int) -> None:
        rule = Rule(
            id="r",
            condition=FieldAbove(field="speed", limit=turn + 10),
            only_devices=tuple(keys[::2]),
        )
        engine.set_rules([rule])
        for device in harness.fleet.devices[turn * 50 % devices :][:50]:
            assert device.status is not None
            engine.on_snapshot(device, device.status, harness.clock.now_ms())

    return put


SITUATIONS = (
    Situation(
        "rules pane, a second passes, all fired", "rules", (10, 30, 100), 100, _fired, (10, 100)
    ),
    Situation(
        "rule for half of the devices, put, 50 snapshots",
        "devices",
        (1_000, 10_000, 100_000),
        10_000,
        _scoped,
        (100, 1_000),
        turns=3,
    ),
)
