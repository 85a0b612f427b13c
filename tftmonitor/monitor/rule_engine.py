"""The rules of the user at work: news in, alarms out through the desk.

A snapshot costs nothing without rules on fields; what depends on time is looked at once a second.
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
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.fleet.records import Records
from tftmonitor.model.rules.conditions import LinkDown, Overdue
from tftmonitor.model.rules.hysteresis import IN, OUT, Transition
from tftmonitor.model.rules.index import RuleIndex, grouped
from tftmonitor.model.rules.links import LinkMemory
from tftmonitor.model.rules.overdue import OverdueRows
from tftmonitor.model.rules.rule import Rule
from tftmonitor.model.rules.watch import OURSELVES, Watch
from tftmonitor.monitor.alarm_service import AlarmService, AlarmStep
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.link_status import LinkState, LinkStatus

BEAT_S: Final = 1.0
_PREFIX: Final = "rule:"
# New rules look at what is known already: so many devices, for so many rules, a beat. It takes
# 4 ms, which is what the loop can spare.
_LOOKS_A_BEAT: Final = 2_500


@dataclass(frozen=True, slots=True)
class Fired:
    """How often a rule has raised since the program began, and when last."""

    count: int = 0
    last_ms: int = 0


class RuleEngine:
    """Raises and returns the alarms of rules. Everything is called on the event loop.

    ``rules`` is for reading, ``fired`` by the id of a rule. Keep ``run`` in a TaskScope.
    """

    def __init__(
        self, fleet: Fleet, desk: AlarmService, clock: Clock, rules: Iterable[Rule] = ()
    ) -> None:
        self.rules: Sequence[Rule] = ()
        self.fired: dict[str, Fired] = {}
        self._fleet = fleet
        self._desk = desk
        self._clock = clock
        self._watches: dict[str, Watch] = {}
        self._index = RuleIndex(())
        self._overdue: list[OverdueRows] = []
        self._links: list[tuple[Watch, LinkDown]] = []
        self._channels = LinkMemory([channel.value for channel in Channel])
        self._heard_ms = 0
        self._fresh: list[Watch] = []
        self._fresh_row = 0
        desk.subscribe(AlarmStep.MODEL, self._learn)
        self.set_rules(rules)

    async def run(self) -> None:
        """Beat once a second until cancelled."""
        while True:
            await asyncio.sleep(BEAT_S)
            self.tick(self._clock.now_ms())

    def set_rules(self, rules: Iterable[Rule]) -> None:
        """Work by these from now on. What an unchanged rule has raised goes on standing; the
        alarms of one that is gone, switched off or waits for something else return.
        """
        self.rules = tuple(rules)
        before, self._watches = self._watches, {}
        fresh = []
        for rule in self.rules:
            if not rule.works or rule.id in self._watches:
                continue
            watch = before.get(rule.id)
            if watch is not None and watch.rule.waits_for_same(rule):
                watch.rule = rule
                del before[rule.id]
            else:
                watch = Watch(rule)
                fresh.append(watch)
            self._watches[rule.id] = watch
        for watch in before.values():
            self._retire(watch)
        # One that had not seen every device yet begins again with the others.
        kept = [watch for watch in self._fresh if watch in self._watches.values()]
        self._fresh, self._fresh_row = [*kept, *fresh], 0
        self._sort_out()

    def on_snapshot(self, device: Device, status: DeviceStatus, now_ms: int) -> None:
        """The device's live status, merged; not to be called for late snapshots."""
        if not self._index.groups:
            return
        key = device.key
        for read, watches in self._index.groups_for(device):
            value = read(status, now_ms)
            for watch in watches:
                # Nearly every value is out, of a device without a state: that way is the short one.
                if key in watch.states or (
                    value is not None and watch.judge is not None and watch.judge(value) == IN
                ):
                    self._weigh(watch, device, "", value, device.data_ms or now_ms, now_ms)

    def on_records(self, device: Device, push: Records) -> None:
        """Tyres, probes or trouble codes of a device."""
        for watch in self._index.for_records(push.kind, device):
            now_ms = self._clock.now_ms()
            at_ms = now_ms if push.device_ms is None else min(push.device_ms, now_ms)
            self._read_records(watch, device, push, at_ms, now_ms)

    def note_link(self, status: LinkStatus) -> None:
        """The state of a channel changed."""
        name = status.channel.value
        now_ms = self._clock.now_ms()
        if status.state is LinkState.OFF:
            self._channels.note_off(name)
        elif not status.is_up:
            self._channels.note_down(name, status.since_ms or now_ms, status.reason)
        elif self._channels.note_up(name) and status.channel is Channel.DEVICES:
            self._heard_ms = now_ms
        for watch, condition in self._links:
            self._look_at_link(watch, condition)

    def tick(self, now_ms: int) -> None:
        """Once a second: hold times that are over without news, and what falls silent."""
        if not self._watches:
            return
        self._look_at_fresh(now_ms)
        for watch in self._watches.values():
            for key, part, at_ms in watch.elapse(now_ms):
                self._raise(watch, self._fleet.find(key), part, at_ms)
        if self._overdue and not self._channels.is_down(Channel.DEVICES.value):
            for rows in self._overdue:
                for device, over in rows.changed(self._fleet, now_ms, self._heard_ms):
                    self._note_overdue(rows.watch, device, over, now_ms)

    def _weigh(
        self, watch: Watch, device: Device, part: str, value: Value, at_ms: int, now_ms: int
    ) -> None:
        judged = watch.weigh(device.status, value)
        if judged is not None:
            self._take(watch, device, part, judged, value, at_ms, now_ms - at_ms)

    def _take(
        self,
        watch: Watch,
        device: Device | None,
        part: str,
        judged: int,
        value: Value,
        at_ms: int,
        lag_ms: int = 0,
    ) -> None:
        key = device.key if device else OURSELVES
        seen = watch.value_of(key, part)
        for move in watch.take(key, part, judged, value, at_ms, lag_ms):
            if move is Transition.RAISE:
                self._raise(watch, device, part, at_ms, value if judged == IN else seen)
            else:
                self._return(watch.rule.id, key, part, _over_text(watch, device, value))

    def _raise(
        self, watch: Watch, device: Device | None, part: str, at_ms: int, value: Value = None
    ) -> None:
        rule = watch.rule
        if value is None:
            value = watch.value_of(device.key if device else OURSELVES, part)
        words = f"{rule.condition.value_text(value)} ({rule.sentence})".lstrip()
        name = f"{rule.title} ({part})" if part else rule.title
        device_ms = at_ms if device is not None and device.device_ms is not None else None
        self._desk.rule_alarm(_key(rule.id, part), name, rule.severity, device, device_ms, words)
        count = self.fired.get(rule.id, Fired()).count
        self.fired[rule.id] = Fired(count + 1, self._clock.now_ms())

    def _return(self, rule: str, key: str, part: str, because: str) -> None:
        self._desk.rule_returned(_key(rule, part), key or None, because)

    def _retire(self, watch: Watch) -> None:
        for key, part in watch.standing():
            self._return(watch.rule.id, key, part, "the rule was changed, switched off or deleted")

    def _learn(self, changes: list[AlarmChange]) -> None:
        """Take over what a former run raised, so that it is neither raised twice nor left over."""
        for change in changes:
            alarm = change.alarm
            if not isinstance(change.event, events.Restored) or not alarm.active:
                continue
            if alarm.key.startswith(_PREFIX):
                rule, _, part = alarm.key.removeprefix(_PREFIX).partition(":")
                watch = self._watches.get(rule)
                if watch is None:
                    self._return(
                        rule, alarm.device or OURSELVES, part, "the rule is gone or switched off"
                    )
                else:
                    watch.restore(alarm.device or OURSELVES, part)
        for rows in self._overdue:
            rows.forget()

    def _sort_out(self) -> None:
        watches = self._watches.values()
        self._index = RuleIndex(watches)
        told = {rows.watch: rows for rows in self._overdue}
        self._overdue, self._links = [], []
        for watch in watches:
            condition = watch.rule.condition
            if isinstance(condition, Overdue):
                self._overdue.append(told.get(watch) or OverdueRows(watch, condition))
            elif isinstance(condition, LinkDown):
                self._links.append((watch, condition))
                self._look_at_link(watch, condition)

    def _read_records(
        self, watch: Watch, device: Device, push: Records, at_ms: int, now_ms: int
    ) -> None:
        standing = tuple(watch.states.get(device.key, ()))
        for part, value in watch.rule.condition.readings(push.records, standing):
            self._weigh(watch, device, part, value, at_ms, now_ms)

    def _look_at_fresh(self, now_ms: int) -> None:
        """Show new rules what is known already, as news of now, some devices at a time."""
        if not self._fresh:
            return
        end = self._fresh_row + max(1, _LOOKS_A_BEAT // len(self._fresh))
        for device in self._fleet.devices[self._fresh_row : end]:
            for watch in self._fresh:
                # One with a state has been looked at by a frame since.
                if device.key not in watch.states and watch.rule.covers(device):
                    self._look_at_latest(watch, device, now_ms)
        self._fresh_row = end
        if end >= len(self._fleet):
            self._fresh = []

    def _look_at_latest(self, watch: Watch, device: Device, now_ms: int) -> None:
        for read, _watches in grouped([watch]):
            if device.status is not None:
                value = read(device.status, now_ms)
                self._weigh(watch, device, "", value, now_ms, now_ms)
        for kind in watch.rule.condition.record_kinds:
            if kind in device.records:
                push, _received_ms = device.records[kind]
                self._read_records(watch, device, push, now_ms, now_ms)

    def _look_at_link(self, watch: Watch, condition: LinkDown) -> None:
        news = self._channels.judge(condition)
        if news is not None:
            at_ms = news.since_ms or self._clock.now_ms()
            self._take(watch, None, "", news.judged, news.words, at_ms)

    def _note_overdue(self, watch: Watch, device: Device, over: bool, now_ms: int) -> None:
        gate = watch.gate(device.status)
        if gate is None:
            return
        age = format_age(now_ms - (device.data_ms or now_ms))
        usual = format_age(int(self._fleet.intervals_ms[device.row]))
        words = f"no report for {age}, usual interval {usual}" if over else None
        self._take(watch, device, "", IN if over and gate else OUT, words, now_ms)


def _key(rule: str, part: str) -> str:
    return f"{rule}:{part}" if part else rule


def _over_text(watch: Watch, device: Device | None, value: Value) -> str:
    """Why an alarm is over."""
    if device is not None and watch.gate(device.status) is False:
        return f"ignition {'off' if watch.rule.while_ignition else 'on'}"
    return "" if value is None else watch.rule.condition.value_text(value)
