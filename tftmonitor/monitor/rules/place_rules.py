"""Rules about places and hours at work: what a snapshot says of where and when."""

from collections.abc import Iterable

from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.device import Device
from tftmonitor.model.places.shapes import Shape
from tftmonitor.model.rules.believed_fixes import BelievedFixes
from tftmonitor.model.rules.hysteresis import IN
from tftmonitor.model.rules.index import RuleIndex
from tftmonitor.model.rules.sleep import Sleep
from tftmonitor.model.rules.surroundings import position_of
from tftmonitor.model.rules.watch import Watch
from tftmonitor.monitor.rules.rule_steps import RuleSteps


class PlaceRules:
    """Looks where a device is once for all rules; ``is_needed`` while one asks."""

    def __init__(self, steps: RuleSteps) -> None:
        self.is_needed = False
        self._steps = steps
        self._index = RuleIndex(())
        self._sleeps: tuple[Sleep, ...] = ()
        self._fixes = BelievedFixes()
        self.rename = self._fixes.rename

    def set_watches(self, watches: Iterable[Watch]) -> None:
        """Work by these from now on.

        Those that sleep in the same places share one object, which is told of each fix once.
        """
        known = tuple(watches)
        self._index = RuleIndex(watch for watch in known if watch.measure is not None)
        shared: dict[tuple[Shape, ...], Sleep] = {}
        for watch in known:
            if watch.sleep is not None:
                watch.sleep = shared.setdefault(watch.sleep.shapes, watch.sleep)
        self._sleeps = tuple(shared.values())
        self.is_needed = bool(self._sleeps or self._index.groups)

    def on_snapshot(self, device: Device, status: DeviceStatus, now_ms: int) -> None:
        """The device's live status, merged."""
        key, at_ms = device.key, device.data_ms or now_ms
        position = position_of(status)
        if position is not None:
            if not self._fixes.believes(key, position, at_ms):
                position = None
            else:
                for sleep in self._sleeps:
                    sleep.note(key, position)
        for measure, watches in self._index.groups_for(device):
            value = measure(status, at_ms, position)
            for watch in watches:
                # Nearly all are far away, and were so before.
                if key in watch.states or (
                    value is not None
                    and watch.judge is not None
                    and (
                        (judged := watch.judge(value)) == IN
                        or (watch.crossing is not None and watch.crossing.is_news(key, judged))
                    )
                ):
                    self._steps.evaluate_field(watch, device, value, at_ms, now_ms)
