"""The headless half of the program: what is known, what fills it, and what keeps it on disk."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tftmonitor.base.clock import Clock, SystemClock
from tftmonitor.history.journal import Journal, JournalError
from tftmonitor.history.journal_thread import JournalThread
from tftmonitor.history.schema import FILE_NAME
from tftmonitor.link.network import network_of
from tftmonitor.model.alarms.numbering import CodeResolver
from tftmonitor.model.alarms.open_alarms import OpenAlarms
from tftmonitor.model.fleet.fleet import Fleet
from tftmonitor.model.rules.surroundings import Surroundings
from tftmonitor.monitor.alarm_service import AlarmService
from tftmonitor.monitor.monitor import Monitor
from tftmonitor.monitor.past.past import Past
from tftmonitor.monitor.rules.places_of_rules import follow_places
from tftmonitor.monitor.rules.rule_engine import RuleEngine
from tftmonitor.monitor.state_store import StateStore
from tftmonitor.settings.numberings import apply_numberings
from tftmonitor.settings.places_file import PlacesFile
from tftmonitor.settings.rules_file import RulesFile
from tftmonitor.settings.servers import GivenServers, decide, given_by
from tftmonitor.settings.store import SettingsStore
from tftmonitor.settings.units import follow_units
from tftmonitor.settings.zone import zone_of


@dataclass(frozen=True)
class Core:
    """What the window shows and acts on. ``notices`` are words for the user about the start.

    ``given`` are the addresses of the command line.
    """

    clock: Clock
    settings: SettingsStore
    rules_file: RulesFile
    places_file: PlacesFile
    surroundings: Surroundings
    monitor: Monitor
    journal: JournalThread
    state: StateStore
    past: Past
    notices: tuple[str, ...]
    given: GivenServers


def make_core(
    profile: Path,
    options: argparse.Namespace,
    settings: SettingsStore,
    history: Path | None = None,
    clock: Clock | None = None,
) -> Core:
    """Build it on the running loop; nothing is read from the network or the database yet.

    ``history`` is the folder of the journal, where that is not the profile; ``clock`` another one
    than the computer's, for another time than now.
    """
    history = history or profile
    clock = clock or SystemClock()
    values = settings.values
    rules_file, places_file = RulesFile(profile), PlacesFile(profile)
    surroundings = Surroundings(places_file.places, lambda: zone_of(settings.values))
    opener = partial(Journal.open, history / FILE_NAME, clock)
    opened, notice = _open_journal(opener)
    journal = JournalThread(opened, opener, history)
    fleet = Fleet()
    fleet.set_names(values.names)
    resolver = CodeResolver()
    apply_numberings(resolver, values)
    service = AlarmService(OpenAlarms(), journal, resolver, clock, fleet.find)
    rules = RuleEngine(fleet, service, clock, (), surroundings)
    follow_places(places_file.places, rules_file, rules)
    given = given_by(options)
    monitor = Monitor(decide(given, values), clock, fleet, service, rules)

    def set_network() -> None:
        monitor.use_network(network_of(settings.values.proxy, settings.values.ca_file))

    state = StateStore(journal, service.pipeline, fleet, monitor.inbox, monitor.coverage, clock)
    set_network()
    # In front of all that shows a number, so that it has the new unit when it hears of it.
    follow_units(settings)
    settings.on_change(set_network, "proxy", "ca_file")
    settings.on_change(lambda: fleet.set_names(settings.values.names), "names")
    settings.on_change(lambda: apply_numberings(resolver, settings.values), "numberings")
    notices = (settings.problem, rules_file.problem, places_file.problem, notice)
    return Core(
        clock,
        settings,
        rules_file,
        places_file,
        surroundings,
        monitor,
        journal,
        state,
        Past(history),
        notices,
        given,
    )


def _open_journal(opener: Callable[[], Journal]) -> tuple[Journal | None, str]:
    try:
        journal = opener()
    except JournalError as error:
        return None, f"{error} Alarms are shown and kept in memory; the disk is tried again."
    return journal, journal.notice
