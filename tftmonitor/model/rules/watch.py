"""One rule at work: a state for each device and part that is not at rest."""

from tftmonitor.model.fields.field import Value
from tftmonitor.model.fields.status import DeviceStatus
from tftmonitor.model.fleet.activity import ignition
from tftmonitor.model.places.shapes import Shape
from tftmonitor.model.rules.crossing import Crossing
from tftmonitor.model.rules.hysteresis import ALWAYS_MS, IN, OUT, RuleState, Transition
from tftmonitor.model.rules.rule import Rule
from tftmonitor.model.rules.sleep import Sleep
from tftmonitor.model.rules.surroundings import NOWHERE, Measure, Surroundings

# The subject of our own link, which is of no device.
OWN_LINK = ""


class Watch:
    """Holds the states of one rule that works. ``judge`` sees known canonical values.

    ``measure`` is what reads them where no field has them. ``crossing`` is there when only who was
    seen out can be in, and ``sleep`` when there are places in which the rule sleeps.
    """

    __slots__ = (
        "_hold_ms",
        "_shapes",
        "_soonest_ms",
        "_waiting",
        "crossing",
        "judge",
        "measure",
        "rule",
        "sleep",
        "states",
    )

    def __init__(self, rule: Rule, surroundings: Surroundings = NOWHERE) -> None:
        self.sleep: Sleep | None = None
        self._shapes: tuple[Shape | None, ...] = ()
        self.crossing = Crossing() if rule.condition.is_crossing else None
        self.measure: Measure | None = None
        self.settle(rule, surroundings)
        band = rule.condition.band()
        self.judge = band.judge() if band else None
        self.states: dict[str, dict[str, RuleState]] = {}
        self._hold_ms = rule.condition.hold_ms
        # Before that no value becomes too old, so that nothing has to be looked through.
        self._soonest_ms = ALWAYS_MS
        # Those whose hold time runs, with how much later than its own time their value came in:
        # what a frame spent on its way has not been held.
        self._waiting: dict[tuple[str, str], int] = {}

    def settle(self, rule: Rule, surroundings: Surroundings) -> None:
        """The rule as it is now, among the places that there are now."""
        self.rule = rule
        self.measure = rule.condition.measure(surroundings)
        about = tuple(map(surroundings.shape, rule.condition.place_refs))
        if self.crossing is not None and about != self._shapes:
            # That a place was moved over a device does not make it come in.
            self.crossing.sides.clear()
        self._shapes = about
        shapes = tuple(filter(None, map(surroundings.shape, rule.sleeps_in)))
        if not shapes:
            self.sleep = None
        elif self.sleep is None or self.sleep.shapes != shapes:
            self.sleep = Sleep(shapes)

    def is_asleep(self, key: str, status: DeviceStatus | None) -> bool:
        """True while this device is where the rule sleeps."""
        return self.sleep is not None and self.sleep.holds(key, status)

    def ignition_matches(self, status: DeviceStatus | None) -> bool | None:
        """Whether ignition is as the rule wants it; None when that is not known."""
        wanted = self.rule.while_ignition
        if wanted is None:
            return True
        on = ignition(status) if status is not None else None
        return None if on is None else on is wanted

    def evaluate(self, status: DeviceStatus | None, value: Value, key: str = "") -> int | None:
        """The judgement of a value of a device, by its key, under the ignition of a status.

        None when it changes nothing.
        """
        matches = self.ignition_matches(status)
        if self.sleep is not None and self.sleep.holds(key, status):
            matches = False
        judged = None if value is None or self.judge is None else self.judge(value)
        if judged is not None and self.crossing is not None:
            stands = key in self.states
            judged = self.crossing.judge(key, judged, counts=matches is True, stands=stands)
        if matches is False:
            return OUT
        return None if matches is None else judged

    def step(
        self, key: str, part: str, judged: int, value: Value, at_ms: int, lag_ms: int = 0
    ) -> tuple[Transition, ...]:
        """A new value of one subject: what the rule does at that."""
        parts = self.states.get(key)
        state = parts.get(part) if parts else None
        if state is None:
            if judged != IN:
                return ()
            state = self.states.setdefault(key, {})[part] = RuleState()
        transitions = state.step(judged, value, at_ms, self._hold_ms, lag_ms)
        if state.since_ms is not None and not state.standing:
            self._waiting[key, part] = lag_ms
        else:
            self._waiting.pop((key, part), None)
            if state.is_idle:
                self._forget(key, part)
        return transitions

    def elapse(self, now_ms: int) -> list[tuple[str, str, int]]:
        """Subjects whose hold time ended without a new value, with the time by their own clock."""
        if not self._waiting:
            return []
        over = []
        for (key, part), lag_ms in self._waiting.items():
            state = self.states[key][part]
            at_ms = min(now_ms, state.known_until_ms) - lag_ms
            if state.advance(at_ms, self._hold_ms):
                over.append((key, part, at_ms))
        for key, part, _at_ms in over:
            del self._waiting[key, part]
        return over

    def restore(
        self, key: str, part: str, known_until_ms: int = ALWAYS_MS, *, in_doubt: bool = False
    ) -> None:
        """A former run raised this one, and it is not over as far as is known."""
        state = self.states.setdefault(key, {})[part] = RuleState()
        state.standing = True
        self.know(key, part, known_until_ms)
        state.in_doubt = in_doubt

    def know(self, key: str, part: str, until_ms: int) -> bool:
        """Its value is known until then; True when that takes away a doubt."""
        state = self.states.get(key, {}).get(part)
        if state is None:
            return False
        was_in_doubt, state.in_doubt = state.in_doubt, False
        state.known_until_ms = until_ms
        self._soonest_ms = min(self._soonest_ms, until_ms)
        return was_in_doubt

    def know_no_longer(self, key: str, now_ms: int) -> None:
        """A frame told nothing of now about the field that the rule reads."""
        state = self.states.get(key, {}).get("")
        if state is not None:
            state.known_until_ms = min(state.known_until_ms, now_ms)
            self._soonest_ms = min(self._soonest_ms, now_ms)

    def fall_in_doubt(self, now_ms: int) -> list[tuple[str, str]]:
        """The subjects that stand by a value which has become too old since the last call."""
        found: list[tuple[str, str]] = []
        if now_ms <= self._soonest_ms:
            return found
        self._soonest_ms = ALWAYS_MS
        for key, parts in self.states.items():
            for part, state in parts.items():
                if not state.standing or state.in_doubt:
                    continue
                if state.known_until_ms < now_ms:
                    state.in_doubt = True
                    found.append((key, part))
                self._soonest_ms = min(self._soonest_ms, state.known_until_ms)
        return found

    def note_clock_set(self, by_ms: int) -> None:
        """Our clock says ``by_ms`` (ms) more from now on: nothing has held longer by that."""
        for parts in self.states.values():
            for state in parts.values():
                state.move(by_ms)
        if self._soonest_ms != ALWAYS_MS:
            self._soonest_ms += by_ms

    def rename(self, former: str, key: str) -> None:
        """The states under the former key of a device are of this one; what stands goes on."""
        if self.crossing is not None:
            self.crossing.rename(former, key)
        if self.sleep is not None:
            self.sleep.rename(former, key)
        past = self.states.pop(former, {})
        waiting = {part: lag for (of, part), lag in self._waiting.items() if of == former}
        self._waiting = {at: lag for at, lag in self._waiting.items() if at[0] != former}
        if not past:
            return
        kept = self.states.setdefault(key, {})
        for part, state in past.items():
            known = kept.get(part)
            if known is None or (state.standing and not known.standing):
                kept[part] = state
                self._waiting.pop((key, part), None)
                if part in waiting:
                    self._waiting[key, part] = waiting[part]

    def value_of(self, key: str, part: str) -> Value:
        """The last value that was in."""
        state = self.states.get(key, {}).get(part)
        return state.value if state else None

    def standing(self) -> list[tuple[str, str]]:
        """The subjects that it has raised and not returned."""
        return [
            (key, part)
            for key, parts in self.states.items()
            for part, state in parts.items()
            if state.standing
        ]

    def _forget(self, key: str, part: str) -> None:
        parts = self.states[key]
        del parts[part]
        if not parts:
            del self.states[key]
