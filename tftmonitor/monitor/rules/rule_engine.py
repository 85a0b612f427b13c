"""The rules of the user at work: values in, alarms out through the alarm service.

A snapshot costs nothing without rules on fields; what depends on time is evaluated once a second.
"""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Final

from tftmonitor.base.clock import Clock
from tftmonitor.model.alarms import events
from tftmonitor.model.alarms.alarm import Alarm
from tftmonitor.model.alarms.events import AlarmChange
from tftmonitor.model.fields.formatting import format_age
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.cadence import PARKED_MS
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.field_ages import limit_ms
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.fleet.records import Records
from tftmonitor.model.fleet.who.unit import Unit
from tftmonitor.model.rules.conditions import LinkDown, Overdue
from tftmonitor.model.rules.hysteresis import ALWAYS_MS, IN, OUT
from tftmonitor.model.rules.index import RuleIndex
from tftmonitor.model.rules.links import ChannelStates
from tftmonitor.model.rules.overdue import OverdueRows
from tftmonitor.model.rules.rule import Rule
from tftmonitor.model.rules.surroundings import NOWHERE, Surroundings
from tftmonitor.model.rules.watch import OWN_LINK, Watch
from tftmonitor.monitor.alarm_service import AlarmService, AlarmStep
from tftmonitor.monitor.rules.new_rules import NewRules
from tftmonitor.monitor.rules.place_rules import PlaceRules
from tftmonitor.monitor.rules.record_rules import RecordRules, time_of
from tftmonitor.monitor.rules.rule_steps import RuleSteps
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.link_status import LinkState, LinkStatus

TICK_S: Final = 1.0
_PREFIX: Final = "rule:"


class RuleEngine:
    """Raises and returns the alarms of rules. Everything is called on the event loop.

    ``rules`` is for reading, ``fired`` by the id of a rule. Keep ``run`` in a TaskScope.
    """

    def __init__(
        self,
        fleet: Fleet,
        service: AlarmService,
        clock: Clock,
        rules: Iterable[Rule] = (),
        surroundings: Surroundings = NOWHERE,
    ) -> None:
        self.rules: Sequence[Rule] = ()
        self._surroundings = surroundings
        self._fleet = fleet
        self._clock = clock
        self._watches: dict[str, Watch] = {}
        self._index = RuleIndex(())
        self._overdue: list[OverdueRows] = []
        self._links: list[tuple[Watch, LinkDown]] = []
        self._channels = ChannelStates([channel.value for channel in Channel])
        self._listening_since_ms = 0
        self._steps = RuleSteps(service, clock)
        self.fired = self._steps.fired
        self._records = RecordRules(self._steps)
        self._places = PlaceRules(self._steps)
        self._new = NewRules(fleet, self._steps, self._records)
        service.steps[AlarmStep.MODEL].add(self._restore)
        self.set_rules(rules)

    async def run(self) -> None:
        """Tick once a second until cancelled."""
        while True:
            await asyncio.sleep(TICK_S)
            self.tick(self._clock.now_ms())

    def set_rules(self, rules: Iterable[Rule]) -> None:
        """Work by these from now on.

        What an unchanged rule has raised goes on standing; the alarms of one that is gone, switched
        off or waits for something else return.
        """
        self.rules = tuple(rules)
        before, self._watches = self._watches, {}
        new = []
        for rule in self.rules:
            if not rule.works or rule.id in self._watches:
                continue
            watch = before.get(rule.id)
            if watch is not None and watch.rule.waits_for_same(rule):
                watch.settle(rule, self._surroundings)
                del before[rule.id]
            else:
                watch = Watch(rule, self._surroundings)
                new.append(watch)
            self._watches[rule.id] = watch
        for watch in before.values():
            self._steps.all_over(watch)
        self._new.begin(new, self._watches.values())
        self._rebuild_index()

    def on_snapshot(self, device: Device, status: DeviceStatus, now_ms: int) -> None:
        """The device's live status, merged; not to be called for late snapshots."""
        if self._places.is_needed:
            self._places.on_snapshot(device, status, now_ms)
        if not self._index.groups:
            return
        key, at_ms = device.key, device.data_ms or now_ms
        for read, watches in self._index.groups_for(device):
            value = read(status, at_ms)
            for watch in watches:
                # Nearly every value is OUT, of a device without a state: that way is the short one.
                if key in watch.states or (
                    value is not None and watch.judge is not None and watch.judge(value) == IN
                ):
                    self._steps.evaluate_field(watch, device, value, at_ms, now_ms)

    def on_records(self, device: Device, push: Records) -> None:
        """Tyres, probes or trouble codes of a device."""
        for watch in self._index.for_records(push.kind, device):
            now_ms = self._clock.now_ms()
            self._records.read(watch, device, push, time_of(device, push, now_ms), now_ms)

    def note_clock_set(self, by_ms: int) -> None:
        """Our clock says ``by_ms`` (ms) more from now on."""
        for watch in self._watches.values():
            watch.note_clock_set(by_ms)

    def note_joined(self, gone: Unit, unit: Unit) -> None:
        """Two devices turned out to be one; rules for some devices may be for others now."""
        for watch in self._watches.values():
            watch.rename(gone.key, unit.key)
        self._records.rename(gone.key, unit.key)
        self._places.rename(gone.key, unit.key)
        self._overdue = []
        self._rebuild_index()

    def note_link(self, status: LinkStatus) -> None:
        """The state of a channel changed."""
        name = status.channel.value
        now_ms = self._clock.now_ms()
        if status.state is LinkState.OFF:
            self._channels.note_off(name)
        elif not status.is_up:
            self._channels.note_down(name, status.since_ms or now_ms, status.reason)
        elif self._channels.note_up(name) and status.channel is Channel.DEVICES:
            self._listening_since_ms = now_ms
        for watch, condition in self._links:
            self._evaluate_link(watch, condition)

    def tick(self, now_ms: int) -> None:
        """Once a second: hold times that are over without a new value, and what falls silent."""
        if not self._watches:
            return
        self._new.evaluate(now_ms)
        for watch in self._watches.values():
            for key, part, at_ms in watch.elapse(now_ms):
                self._steps.fire(watch, self._fleet.find(key), part, at_ms)
            for key, part in watch.fall_in_doubt(now_ms):
                self._steps.doubt(watch, key, part)
        if self._overdue and not self._channels.is_down(Channel.DEVICES.value):
            for rows in self._overdue:
                for device, over in rows.changed(self._fleet, now_ms, self._listening_since_ms):
                    self._step_overdue(rows.watch, device, over, now_ms)

    def _restore(self, changes: list[AlarmChange]) -> None:
        """Continue what a former run raised, so that it is neither raised twice nor left over."""
        for change in changes:
            alarm = change.alarm
            if not isinstance(change.event, events.Restored | events.Joined) or not alarm.active:
                continue
            if alarm.key.startswith(_PREFIX):
                rule, _, part = alarm.key.removeprefix(_PREFIX).partition(":")
                watch = self._watches.get(rule)
                if watch is None:
                    self._steps.over(
                        rule, alarm.device or OWN_LINK, part, "the rule is gone or switched off"
                    )
                elif part not in watch.states.get(alarm.device or OWN_LINK, ()):
                    self._continue(watch, alarm, part)
        for rows in self._overdue:
            rows.forget()

    def _continue(self, watch: Watch, alarm: Alarm, part: str) -> None:
        known_ms = ALWAYS_MS
        if watch.rule.condition.source is not None and not part:
            # Nothing is known of its device yet, which may report seldom.
            known_ms = self._clock.now_ms() + limit_ms(PARKED_MS)
        watch.restore(alarm.device or OWN_LINK, part, known_ms, in_doubt=alarm.end_unknown)

    def _rebuild_index(self) -> None:
        watches = self._watches.values()
        self._index = RuleIndex(watch for watch in watches if watch.measure is None)
        self._places.set_watches(watches)
        known = {rows.watch: rows for rows in self._overdue}
        self._overdue, self._links = [], []
        for watch in watches:
            condition = watch.rule.condition
            if isinstance(condition, Overdue):
                self._overdue.append(known.get(watch) or OverdueRows(watch, condition))
            elif isinstance(condition, LinkDown):
                self._links.append((watch, condition))
                self._evaluate_link(watch, condition)

    def _evaluate_link(self, watch: Watch, condition: LinkDown) -> None:
        found = self._channels.judge(condition)
        if found is not None:
            at_ms = found.since_ms or self._clock.now_ms()
            self._steps.step(watch, None, "", found.judged, found.reason, at_ms)

    def _step_overdue(self, watch: Watch, device: Device, over: bool, now_ms: int) -> None:
        matches = watch.ignition_matches(device.status)
        if watch.is_asleep(device.key, device.status):
            matches = False
        if matches is None:
            return
        age = format_age(now_ms - (device.data_ms or now_ms))
        usual = format_age(int(self._fleet.intervals_ms[device.row]))
        reason = f"no report for {age}, usual interval {usual}" if over else None
        self._steps.step(watch, device, "", IN if over and matches else OUT, reason, now_ms)
