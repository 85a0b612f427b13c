"""One simulated device: who it is, where it is, what it does; ``advance`` moves it in time."""

import random
from dataclasses import dataclass, field

from tftmonitor.base.clock import SECOND_MS
from tftmonitor.simulator.fleet.electrics import Electrics
from tftmonitor.simulator.fleet.engine import Engine
from tftmonitor.simulator.fleet.itinerary import IGNITION_ON, Itinerary, Leg, Phase, Style
from tftmonitor.simulator.fleet.kinds import Family, Profile, Quirk
from tftmonitor.simulator.fleet.tracks import Track

# Made-up depots: round degrees in farm land.
_DEPOTS = ((52.20, 9.10), (50.60, 10.40), (48.80, 11.20), (51.40, 12.60))
_DEPOT_SPREAD = 0.06
# A fleet up to this size is a demo: shorter parking, so that something happens.
DEMO_DEVICES = 50
_PARKED_DEMO_S = (25, 70)
_PARKED_S = (180, 1_500)
_ASLEEP_DEMO_S = (240, 900)
_ASLEEP_S = (1_800, 14_400)
# Reporting interval in a phase other than moving.
_PARKED_EVERY_DEMO_S = 20
_PARKED_EVERY_S = 120
_CRANKING_EVERY_S = 1


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a device is in the feed, and the local name that the feed does not carry."""

    index: int
    imei: str
    device_key: str
    id: int
    name: str


@dataclass(slots=True)
class AlarmState:
    """The alarm number and bits of the next report, and the bits of conditions that last."""

    current: int = 0
    momentary: int = 0
    lasting: int = 0


@dataclass(slots=True)
class Unit:
    """State of one device at ``clock_ms``; changed by ``advance`` and by incidents only."""

    identity: Identity
    profile: Profile
    track: Track
    itinerary: Itinerary
    electrics: Electrics
    engine: Engine | None
    clock_ms: int
    phase_ms: int
    demo: bool
    registered_ms: int
    switched_ms: int
    next_report_ms: int = 0
    last_report_ms: int = 0
    last_fix_ms: int = 0
    engine_s: float = 0.0
    ac_on: bool = False
    usb_charging: bool = False
    is_open: bool = False
    announced: bool = False
    speeding: bool = False
    signal: int = 70
    alarm: AlarmState = field(default_factory=AlarmState)
    nominal: dict[str, float] = field(default_factory=dict)

    @property
    def ignition(self) -> bool:
        """On in every phase with the engine cranking or running; trailers: moving."""
        return self.itinerary.leg.phase in IGNITION_ON

    @property
    def asleep(self) -> bool:
        """An asset tracker at rest sleeps between reports, its GNSS off."""
        return self.profile.kind.family is Family.ASSET and not self.ignition

    @property
    def has_fix(self) -> bool:
        """False for the unit that never got one."""
        return self.profile.quirk is not Quirk.NO_FIX

    @property
    def mode(self) -> int:
        """Changes whenever more of the status changes than place, speed, time and volts."""
        flags = (self.ignition, self.ac_on, self.usb_charging, self.is_open)
        bits = sum(flag << place for place, flag in enumerate(flags))
        return bits | self.electrics.is_cut << 4 | self.alarm.lasting << 5

    def advance(self, to_ms: int, rng: random.Random) -> None:
        """Simulate until this time, leg by leg; earlier times change nothing."""
        while self.clock_ms < to_ms:
            left_ms = max(1, round(self.itinerary.left_s * SECOND_MS))
            step_ms = min(to_ms - self.clock_ms, left_ms)
            self._step(step_ms / SECOND_MS, rng)
            self.clock_ms += step_ms
            before = self.ignition
            self.itinerary.spend(step_ms / SECOND_MS)
            if self.ignition is not before:
                self.switched_ms = self.clock_ms
                self.settle(rng)

    def begins_to_speed(self) -> bool:
        """True once each time that the unit becomes faster than its limit."""
        was = self.speeding
        self.speeding = self.has_fix and self.track.speed_kmh > self.profile.kind.limit_kmh
        return self.speeding and not was

    def settle(self, rng: random.Random) -> None:
        """Let volts and engine show at once what was switched or done to the supply."""
        time_s = self.clock_ms / SECOND_MS
        self.electrics.advance(0.0, self.itinerary.leg.phase, time_s, rng)
        if self.engine is not None:
            kmh = self.track.speed_kmh
            self.engine.advance(0.0, runs=self.ignition, kmh=kmh, gain_kmh=0.0, rng=rng)

    def next_report_s(self) -> float:
        """Seconds until the unit reports by itself: by its cadence, or at a switch."""
        return max(1.0, min(self._cadence_s(), self.itinerary.seconds_to_switch()))

    def _cadence_s(self) -> float:
        if self.asleep:
            return (_ASLEEP_DEMO_S if self.demo else _ASLEEP_S)[0]
        phase = self.itinerary.leg.phase
        if phase is Phase.PARKED:
            return _PARKED_EVERY_DEMO_S if self.demo else _PARKED_EVERY_S
        if phase is Phase.CRANKING:
            return _CRANKING_EVERY_S
        return self.profile.moving_s

    def _step(self, seconds: float, rng: random.Random) -> None:
        leg = self.itinerary.leg
        before_kmh = self.track.speed_kmh
        target = leg.target_kmh
        if target and leg.phase is Phase.DRIVING:
            target += rng.uniform(-1.5, 1.5)
        if target or before_kmh:
            self.track.advance(seconds, target, rng)
        self.electrics.advance(seconds, leg.phase, self.clock_ms / SECOND_MS, rng)
        if leg.phase in IGNITION_ON:
            self.engine_s += seconds
        if self.engine is not None:
            runs = leg.phase in IGNITION_ON
            gain = self.track.speed_kmh - before_kmh
            self.engine.advance(
                seconds, runs=runs, kmh=self.track.speed_kmh, gain_kmh=gain, rng=rng
            )


def make_unit(
    index: int, profile: Profile, devices: int, start_ms: int, rng: random.Random
) -> Unit:
    """A unit somewhere near a depot, in the middle of its day."""
    kind, demo = profile.kind, devices <= DEMO_DEVICES
    phase_ms = rng.randrange(SECOND_MS)
    clock_ms = start_ms - start_ms % SECOND_MS + phase_ms
    itinerary = _itinerary(profile, demo, rng)
    unit = Unit(
        identity=_identity(index, profile),
        profile=profile,
        track=_track(index, profile, itinerary.leg.target_kmh, rng),
        itinerary=itinerary,
        electrics=Electrics(kind.volts, kind.has_battery, kind.has_solar),
        engine=Engine(used_ml=rng.uniform(0, 9e6)) if kind.has_engine else None,
        clock_ms=clock_ms,
        phase_ms=phase_ms,
        demo=demo,
        registered_ms=start_ms - rng.randrange(600, 400_000) * SECOND_MS,
        switched_ms=clock_ms - rng.randrange(20, 3_600) * SECOND_MS,
        engine_s=rng.uniform(1e5, 2e7),
        signal=rng.randint(35, 95),
    )
    if kind.has_battery:
        unit.electrics.cell_v = rng.uniform(3.6, 4.1)
    unit.electrics.surface = rng.random()
    unit.electrics.advance(0.0, unit.itinerary.leg.phase, clock_ms / SECOND_MS, rng)
    if unit.engine is not None and unit.ignition:
        unit.engine.coolant_c = rng.uniform(55, 90)
        unit.engine.left_ml = rng.uniform(10_000, 55_000)
        unit.engine.advance(0.1, runs=True, kmh=unit.track.speed_kmh, gain_kmh=0, rng=rng)
    unit.last_report_ms = unit.last_fix_ms = clock_ms
    unit.announced = unit.ignition
    return unit


def _identity(index: int, profile: Profile) -> Identity:
    return Identity(
        index=index,
        imei=f"1000000{800_000_001 + index:09d}",
        device_key=f"9900008{index + 1:08d}",
        id=800_001 + index,
        name=f"{profile.kind.prefix}-{index + 1:02d}",
    )


def _track(index: int, profile: Profile, speed_kmh: float, rng: random.Random) -> Track:
    lat, lng = _DEPOTS[index % len(_DEPOTS)]
    heavy = profile.kind.top_kmh < 100
    return Track(
        lat=lat + rng.uniform(-_DEPOT_SPREAD, _DEPOT_SPREAD),
        lng=lng + rng.uniform(-_DEPOT_SPREAD, _DEPOT_SPREAD),
        heading=rng.uniform(0, 360),
        accelerate_ms2=0.7 if heavy else 1.5,
        brake_ms2=1.5 if heavy else 2.4,
        speed_kmh=speed_kmh,
        mileage_m=rng.uniform(1e5, 1.8e8),
        satellites=rng.randint(8, 15),
        home_lat=lat,
        home_lng=lng,
    )


def _itinerary(profile: Profile, demo: bool, rng: random.Random) -> Itinerary:
    asset = profile.kind.family is Family.ASSET
    parked = (_ASLEEP_DEMO_S if demo else _ASLEEP_S) if asset else None
    style = Style(
        top_kmh=profile.kind.top_kmh,
        parked_s=parked or (_PARKED_DEMO_S if demo else _PARKED_S),
        legs=(8, 18) if demo else (20, 90),
        cranks=not asset,
    )
    itinerary = Itinerary(style, rng)
    parked_share = 0.9 if asset else 0.35
    if profile.starts_in_s is not None:
        itinerary.start(Leg(Phase.PARKED, profile.starts_in_s))
    elif profile.moving_s >= 10 and rng.random() < parked_share:
        itinerary.start(Leg(Phase.PARKED, rng.randint(5, style.parked_s[1])))
    else:
        itinerary.start(Leg(Phase.DRIVING, rng.randint(3, 20), rng.uniform(30, 70)))
    return itinerary
