"""The rules of the user at work: values in, alarms out through the alarm service.

A snapshot costs nothing without rules on fields; what depends on time is evaluated once a second.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from tftmonitor.base.clock import Clock
from tftmonitor.model.alarms import events
from tftmonitor.model.alarms.events import AlarmChange
from tftmonitor.model.fields.field import Value
from tftmonitor.model.fields.formatting import format_age
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.clock_offset import judge_date, oldest_ms
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.fleet.records import Records
from tftmonitor.model.rules.conditions import LinkDown, Overdue
from tftmonitor.model.rules.hysteresis import IN, OUT, Transition
from tftmonitor.model.rules.index import RuleIndex, grouped
from tftmonitor.model.rules.links import ChannelStates
from tftmonitor.model.rules.overdue import OverdueRows
from tftmonitor.model.rules.record_order import RecordOrder
from tftmonitor.model.rules.rule import Rule
from tftmonitor.model.rules.watch import OWN_LINK, Watch
from tftmonitor.monitor.alarm_service import AlarmService, AlarmStep
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.link_status import LinkState, LinkStatus

TICK_S: Final = 1.0
_PREFIX: Final = "rule:"
# New rules are evaluated on what is known already: so many devices times rules a tick. That costs
# 4 ms, which is what the loop can spare.
_EVALUATIONS_A_TICK: Final = 2_500

# What decides about the order of records, and what they count as.
_RecordTime = tuple[int | None, int]


@dataclass(frozen=True, slots=True)
class FireCount:
    """How often a rule has raised since the program began, and when last."""

    count: int = 0
    last_ms: int = 0


class RuleEngine:
    """Raises and returns the alarms of rules. Everything is called on the event loop.

    ``rules`` is for reading, ``fired`` by the id of a rule. Keep ``run`` in a TaskScope.
    """

    def __init__(
        self, fleet: Fleet, service: AlarmService, clock: Clock, rules: Iterable[Rule] = ()
    ) -> None:
        self.rules: Sequence[Rule] = ()
        self.fired: dict[str, FireCount] = {}
        self._fleet = fleet
        self._service = service
        self._clock = clock
        self._watches: dict[str, Watch] = {}
        self._index = RuleIndex(())
        self._overdue: list[OverdueRows] = []
        self._links: list[tuple[Watch, LinkDown]] = []
        self._channels = ChannelStates([channel.value for channel in Channel])
        self._listening_since_ms = 0
        self._new_watches: list[Watch] = []
        self._record_order = RecordOrder()
        # ``_is_doubtful`` while records are read whose date is.
        self._next_row, self._is_doubtful = 0, False
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
                watch.rule = rule
                del before[rule.id]
            else:
                watch = Watch(rule)
                new.append(watch)
            self._watches[rule.id] = watch
        for watch in before.values():
            self._return_all(watch)
        # One that had not seen every device yet begins again with the others.
        kept = [watch for watch in self._new_watches if watch in self._watches.values()]
        self._new_watches, self._next_row = [*kept, *new], 0
        self._rebuild_index()

    def on_snapshot(self, device: Device, status: DeviceStatus, now_ms: int) -> None:
        """The device's live status, merged; not to be called for late snapshots."""
        if not self._index.groups:
            return
        key = device.key
        for read, watches in self._index.groups_for(device):
            value = read(status, now_ms)
            for watch in watches:
                # Nearly every value is OUT, of a device without a state: that way is the short one.
                if key in watch.states or (
                    value is not None and watch.judge is not None and watch.judge(value) == IN
                ):
                    self._evaluate(watch, device, "", value, device.data_ms or now_ms, now_ms)

    def on_records(self, device: Device, push: Records) -> None:
        """Tyres, probes or trouble codes of a device."""
        for watch in self._index.for_records(push.kind, device):
            now_ms = self._clock.now_ms()
            time, self._is_doubtful = _time_of(device, push, now_ms)
            self._read_records(watch, device, push, time, now_ms)
            self._is_doubtful = False

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
        self._evaluate_new_watches(now_ms)
        for watch in self._watches.values():
            for key, part, at_ms in watch.elapse(now_ms):
                self._raise(watch, self._fleet.find(key), part, at_ms)
        if self._overdue and not self._channels.is_down(Channel.DEVICES.value):
            for rows in self._overdue:
                for device, over in rows.changed(self._fleet, now_ms, self._listening_since_ms):
                    self._step_overdue(rows.watch, device, over, now_ms)

    def _evaluate(
        self, watch: Watch, device: Device, part: str, value: Value, at_ms: int, now_ms: int
    ) -> None:
        judged = watch.evaluate(device.status, value)
        if judged is not None:
            self._step(watch, device, part, judged, value, at_ms, now_ms - at_ms)

    def _step(
        self,
        watch: Watch,
        device: Device | None,
        part: str,
        judged: int,
        value: Value,
        at_ms: int,
        lag_ms: int = 0,
    ) -> None:
        key = device.key if device else OWN_LINK
        before = watch.value_of(key, part)
        for transition in watch.step(key, part, judged, value, at_ms, lag_ms):
            if transition is Transition.RAISE:
                self._raise(watch, device, part, at_ms, value if judged == IN else before)
            else:
                self._return(watch.rule.id, key, part, _over_text(watch, device, value))

    def _raise(
        self, watch: Watch, device: Device | None, part: str, at_ms: int, value: Value = None
    ) -> None:
        rule = watch.rule
        if value is None:
            value = watch.value_of(device.key if device else OWN_LINK, part)
        text = f"{rule.condition.value_text(value)} ({rule.sentence})".lstrip()
        name = f"{rule.title} ({part})" if part else rule.title
        # Where nothing tells whether a device's clock is right, what it reports counts as now.
        doubtful = self._is_doubtful or (device is not None and device.is_doubtful)
        known = device is not None and device.device_ms is not None and not doubtful
        device_ms = at_ms if known else None
        source = rule.condition.alarm_source
        self._service.rule_alarm(
            _key(rule.id, part), name, rule.severity, device, device_ms, text, source, doubtful
        )
        count = self.fired.get(rule.id, FireCount()).count
        self.fired[rule.id] = FireCount(count + 1, self._clock.now_ms())

    def _return(self, rule: str, key: str, part: str, because: str) -> None:
        self._service.rule_returned(_key(rule, part), key or None, because)

    def _return_all(self, watch: Watch) -> None:
        for key, part in watch.standing():
            self._return(watch.rule.id, key, part, "the rule was changed, switched off or deleted")

    def _restore(self, changes: list[AlarmChange]) -> None:
        """Continue what a former run raised, so that it is neither raised twice nor left over."""
        for change in changes:
            alarm = change.alarm
            if not isinstance(change.event, events.Restored) or not alarm.active:
                continue
            if alarm.key.startswith(_PREFIX):
                rule, _, part = alarm.key.removeprefix(_PREFIX).partition(":")
                watch = self._watches.get(rule)
                if watch is None:
                    self._return(
                        rule, alarm.device or OWN_LINK, part, "the rule is gone or switched off"
                    )
                else:
                    watch.restore(alarm.device or OWN_LINK, part)
        for rows in self._overdue:
            rows.forget()

    def _rebuild_index(self) -> None:
        watches = self._watches.values()
        self._index = RuleIndex(watches)
        known = {rows.watch: rows for rows in self._overdue}
        self._overdue, self._links = [], []
        for watch in watches:
            condition = watch.rule.condition
            if isinstance(condition, Overdue):
                self._overdue.append(known.get(watch) or OverdueRows(watch, condition))
            elif isinstance(condition, LinkDown):
                self._links.append((watch, condition))
                self._evaluate_link(watch, condition)

    def _read_records(
        self, watch: Watch, device: Device, push: Records, time: _RecordTime, now_ms: int
    ) -> None:
        standing, (order_ms, at_ms) = tuple(watch.states.get(device.key, ())), time
        for part, value in watch.rule.condition.readings(push.records, standing):
            if self._record_order.is_past(device.key, push.kind, part, order_ms):
                self._note_past(watch, device, part, value, at_ms)
            else:
                self._evaluate(watch, device, part, value, at_ms, now_ms)

    def _note_past(self, watch: Watch, device: Device, part: str, value: Value, at_ms: int) -> None:
        """A stored record, older than what is known: it ends nothing, and what it raises is over.

        One value of the past tells nothing about a hold time.
        """
        holds = watch.rule.condition.hold_ms > 0
        if holds or part in watch.states.get(device.key, ()):
            return
        if watch.evaluate(device.status, value) == IN:
            self._raise(watch, device, part, at_ms, value)
            self._return(watch.rule.id, device.key, part, "newer records are known")

    def _evaluate_new_watches(self, now_ms: int) -> None:
        """Evaluate new rules on what is known already, as of now, some devices at a time."""
        if not self._new_watches:
            return
        end = self._next_row + max(1, _EVALUATIONS_A_TICK // len(self._new_watches))
        for device in self._fleet.devices[self._next_row : end]:
            for watch in self._new_watches:
                # One with a state has been evaluated on a frame since.
                if device.key not in watch.states and watch.rule.covers(device):
                    self._evaluate_latest(watch, device, now_ms)
        self._next_row = end
        if end >= len(self._fleet):
            self._new_watches = []

    def _evaluate_latest(self, watch: Watch, device: Device, now_ms: int) -> None:
        for read, _watches in grouped([watch]):
            if device.status is not None:
                value = read(device.status, now_ms)
                self._evaluate(watch, device, "", value, now_ms, now_ms)
        for kind in watch.rule.condition.record_kinds:
            if kept := device.records.get(kind):
                time = kept.dated_ms(device.clock), now_ms
                self._read_records(watch, device, kept.event, time, now_ms)

    def _evaluate_link(self, watch: Watch, condition: LinkDown) -> None:
        found = self._channels.judge(condition)
        if found is not None:
            at_ms = found.since_ms or self._clock.now_ms()
            self._step(watch, None, "", found.judged, found.reason, at_ms)

    def _step_overdue(self, watch: Watch, device: Device, over: bool, now_ms: int) -> None:
        matches = watch.ignition_matches(device.status)
        if matches is None:
            return
        age = format_age(now_ms - (device.data_ms or now_ms))
        usual = format_age(int(self._fleet.intervals_ms[device.row]))
        reason = f"no report for {age}, usual interval {usual}" if over else None
        self._step(watch, device, "", IN if over and matches else OUT, reason, now_ms)


def _time_of(device: Device, push: Records, now_ms: int) -> tuple[_RecordTime, bool]:
    """The time of records that came in now, and whether it is doubtful."""
    believed_ms, is_doubtful = judge_date(device.clock, push.device_ms, now_ms)
    order_ms = oldest_ms(device.clock, push.device_ms, now_ms)
    return (order_ms, believed_ms or now_ms), is_doubtful


def _key(rule: str, part: str) -> str:
    return f"{rule}:{part}" if part else rule


def _over_text(watch: Watch, device: Device | None, value: Value) -> str:
    """Why an alarm is over."""
    if device is not None and watch.ignition_matches(device.status) is False:
        return f"ignition {'off' if watch.rule.while_ignition else 'on'}"
    return "" if value is None else watch.rule.condition.value_text(value)
