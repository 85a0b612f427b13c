"""Keeps the plots on the device that is shown: its samples, alarm marks and blind intervals."""

import math
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

from tftmonitor.base.clock import SECOND_MS, Clock
from tftmonitor.base.listeners import Listeners
from tftmonitor.model.coverage import BlindInterval, Blindness
from tftmonitor.model.fields.units import CHOICES
from tftmonitor.model.fleet.activity import silent_since
from tftmonitor.model.fleet.cadence import UsualIntervals
from tftmonitor.model.fleet.device import Device
from tftmonitor.monitor.monitor import Monitor
from tftmonitor.monitor.where.zones import zone_note, zone_of_device, zones_differ
from tftmonitor.protocol.channels import Channel
from tftmonitor.settings.store import SettingsStore
from tftmonitor.settings.zone import zone_of
from tftmonitor.ui.plots.past.of_device import PastOfDevice

if TYPE_CHECKING:
    from tftmonitor.ui.plots.pane import PlotStack


class PlotFollower:
    """Feeds the plots once ``load`` has made them; before that every call does nothing."""

    def __init__(
        self,
        monitor: Monitor,
        settings: SettingsStore,
        clock: Clock,
        past: PastOfDevice | None = None,
    ) -> None:
        self.stack: PlotStack | None = None
        self._past = past
        if past is not None:
            past.changed.add(self._show_past)
        self.loaded: Listeners[[PlotStack]] = Listeners()
        self._monitor = monitor
        self._settings = settings
        self._clock = clock
        self._key = ""
        self._blind: list[tuple[float, float]] = []
        self._described: tuple[str, UsualIntervals, tzinfo] | None = None
        settings.on_change(lambda: self.show(self._key), "zone")
        settings.on_change(self._refresh_units, *CHOICES)
        # Sampling begins with the first report, before there are any plots.
        self._follow_choice()
        settings.on_change(self._follow_choice, "plots")

    def _follow_choice(self) -> None:
        """Sample and show the fields that the user has added."""
        layout = self._monitor.fleet.add_plots(self._settings.values.plots)
        if self.stack is not None:
            self.stack.set_added(layout)
            self._follow_past()

    def _refresh_units(self) -> None:
        if self.stack is not None:
            self.stack.refresh_units()

    def load(self) -> "PlotStack":
        """Make the plots; their library is the slowest import, so the window comes first."""
        from tftmonitor.ui.plots.pane import PlotStack

        self.stack = PlotStack()
        self.stack.set_added(self._monitor.fleet.layout)
        if self._past is not None:
            self._past.attach(self.stack)
        self.loaded(self.stack)
        self.show(self._key)
        return self.stack

    def show(self, key: str) -> None:
        """Follow this device, or none for an empty key."""
        self._key = key
        if self.stack is None:
            return
        device = self._monitor.fleet.find(key)
        self._described = None
        if device is None:
            self.stack.set_device("", None, zone_of(self._settings.values), UsualIntervals(0.0))
            self._follow_past()
            return
        self._key = device.key
        self._describe(device)
        self._blind = []
        self.stack.set_blind([])
        self.show_marks({device.key})
        self.tick()
        self._follow_past()

    def _follow_past(self) -> None:
        """Have the history tell of the shown device what memory has not."""
        if self._past is not None:
            fleet = self._monitor.fleet
            self._past.show_device(fleet.find(self._key), fleet.layout)

    def _show_past(self) -> None:
        self.show_marks({self._key})
        self.show_blind()

    def show_marks(self, devices: set[str]) -> None:
        """Alarms of these devices changed: mark those of the shown one."""
        if self.stack is None or self._key not in devices:
            return
        from tftmonitor.ui.plots.time_scale import PlotMark

        marks = [
            PlotMark(alarm.event_ms / SECOND_MS, alarm.severity, alarm.name)
            for alarm in self._monitor.alarm_service.alarms.by_device(self._key)
        ]
        # What is open stands in the journal, too.
        known = {(mark.time_s, mark.text) for mark in marks}
        past = () if self._past is None else self._past.marks
        marks += [mark for mark in past if (mark.time_s, mark.text) not in known]
        self.stack.set_marks(marks)

    def show_blind(self) -> None:
        """Hatch where nothing could be known of the shown device."""
        if self.stack is None or not self._key:
            return
        found = self._blind_intervals(self._key)
        blind = [_in_seconds(interval)[:2] for interval in found]
        if blind != self._blind:
            self._blind = blind
            self.stack.set_blind(blind)

    def frame(self, rows: set[int]) -> None:
        """These rows of the fleet changed: draw if the shown device is one of them."""
        device = self._monitor.fleet.find(self._key)
        if self.stack is not None and device is not None and device.row in rows:
            self.stack.refresh(self._clock.now_ms() / SECOND_MS)

    def tick(self) -> None:
        """Once a second: time goes on, with or without samples."""
        if self.stack is None:
            return
        device = self._monitor.fleet.find(self._key)
        if device is not None and device.key != self._key:
            self.show(device.key)  # it turned out to be another one
        elif device is not None:
            self._describe(device)
        self.show_blind()
        self.stack.refresh(self._clock.now_ms() / SECOND_MS)

    def _describe(self, device: Device) -> None:
        """Tell the plots name and usual intervals: both may change while a device is shown."""
        # The computer's own zone may change too.
        values = self._settings.values
        own_zone = zone_of_device(values, device)
        zone = own_zone or zone_of(values)
        note = f" · {zone_note(own_zone)}" if zones_differ(values) else ""
        facts = (f"{device.label}{note}", device.cadence.in_force(device.interval_ms), zone)
        if self.stack is not None and facts != self._described:
            self._described = facts
            self.stack.set_device(facts[0], device.series, zone, facts[1])

    def back_to_live(self) -> None:
        """Follow the newest sample again."""
        if self.stack is not None:
            self.stack.back_to_live()

    def pause(self) -> None:
        """Hold the plots where they are; samples go on being kept."""
        if self.stack is not None:
            self.stack.pause()

    def table(self) -> Callable[[], str] | None:
        """What writes the samples that are seen as CSV, on any thread; None without a device.

        Behind them stands a remark for each stretch of not knowing.
        """
        seen = self.stack.seen_table() if self.stack is not None else None
        if self.stack is None or seen is None:
            return None
        start_s, end_s = self.stack.window_s
        end_s = min(end_s, self._clock.now_ms() / SECOND_MS)
        remarks = [
            (max(from_s, start_s), min(to_s, end_s), cause.value)
            for from_s, to_s, cause in map(_in_seconds, self._blind_intervals(self._key))
            if from_s < end_s and to_s > start_s
        ]
        return lambda: seen.text(remarks)

    def blind_of(self, key: str) -> list[tuple[float, float]]:
        """Where nothing could be known of a device, in seconds since 1970, inf for still open."""
        return [_in_seconds(interval)[:2] for interval in self._blind_intervals(key)]

    def _blind_intervals(self, key: str) -> list[BlindInterval]:
        """Where nothing could be known of a device, by start.

        What is past was judged when it ended, and stays as it was; only the silence that still
        lasts is judged now.
        """
        coverage, fleet, now_ms = self._monitor.coverage, self._monitor.fleet, self._clock.now_ms()
        device = fleet.find(key)
        # Its own key: what it was asked for by may be another of its ids.
        key = device.key if device else key
        found = coverage.between((Channel.DEVICES.value, key), 0, now_ms + 1)
        if device is not None and device.data_ms is not None:
            since_ms = silent_since(device.data_ms, device.interval_ms, now_ms)
            if since_ms is not None:
                found.append(BlindInterval(key, Blindness.DEVICE, since_ms))
        if self._past is not None and key == self._key:
            found = sorted([*found, *self._past.blind], key=lambda each: each.start_ms)
        return found

    def go_to(self, moment_s: float) -> None:
        """Look at a moment, in seconds since 1970, however long ago."""
        if self.stack is not None:
            self.stack.go_to(moment_s)

    def ask_go_to(self) -> None:
        """Ask the user for a day and a time to look at."""
        if self.stack is not None:
            self.stack.header.request_go_to()

    def file_stem(self) -> str:
        """A name for a file: the device and the minute."""
        device = self._monitor.fleet.find(self._key)
        label = device.label if device else "plots"
        safe = "".join(c if c.isalnum() or c in "-_" else "-" for c in label)[:40]
        now = datetime.fromtimestamp(self._clock.now_ms() / SECOND_MS, UTC)
        values = self._settings.values
        zone = zone_of_device(values, device) or zone_of(values)
        return f"{safe}-{now.astimezone(zone):%Y-%m-%dT%H%M}"


def _in_seconds(interval: BlindInterval) -> tuple[float, float, Blindness]:
    """From and to, inf while it lasts, in seconds since 1970, and the cause."""
    end_s = math.inf if interval.end_ms is None else interval.end_ms / SECOND_MS
    return interval.start_ms / SECOND_MS, end_s, interval.cause
