"""The messages channel beside alarms: messages of the system and of users, file notices."""

from functools import partial

from tftmonitor.base.clock import SECOND_MS
from tftmonitor.simulator.fleet import frames
from tftmonitor.simulator.fleet.roster import Roster
from tftmonitor.simulator.outgoing import Push

_FIRST_S = 3
_EVERY_S = (12.0, 30.0)
_FILE_READY_S = 5
_SYSTEM_TEXTS = (
    "Welcome. This server makes its data up.",
    "Maintenance on Sunday from 02:00 to 02:30 UTC; devices store their reports meanwhile.",
    "The monthly report of last month has been computed.",
)
_USERS = ((4711, "Dispatch"), (4712, "Workshop"), (4713, "Night shift"))
_USER_TEXTS = (
    "{name}: please call back.",
    "{name} is due for service at the next stop.",
    "Who has the keys of {name}?",
    "{name} is 20 minutes late, customer is informed.",
    "Loading dock 3 is free for {name}.",
)
_REPORTS = ("journeys", "alarms", "fuel", "tyres")


class Chatter:
    """Puts messages on the agenda of a roster, without end."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._files = 0
        self._systems = 0
        self._turn = 0
        roster.agenda.add(roster.start_ms + _FIRST_S * SECOND_MS, self._next)

    def _next(self, time_ms: int) -> list[Push]:
        wait_ms = round(self._roster.rng.uniform(*_EVERY_S) * SECOND_MS)
        self._roster.agenda.add(time_ms + wait_ms, self._next)
        kinds = (self._system, self._user, self._file, self._user)
        self._turn += 1
        return kinds[(self._turn - 1) % len(kinds)](time_ms)

    def _system(self, time_ms: int) -> list[Push]:
        text = _SYSTEM_TEXTS[self._systems % len(_SYSTEM_TEXTS)]
        self._systems += 1
        return [frames.text_message(frames.SYSTEM_ID, "System", text, time_ms)]

    def _user(self, time_ms: int) -> list[Push]:
        rng = self._roster.rng
        user_id, user = rng.choice(_USERS)
        text = rng.choice(_USER_TEXTS).format(name=rng.choice(self._roster.units).identity.name)
        return [frames.text_message(user_id, user, text, time_ms)]

    def _file(self, time_ms: int) -> list[Push]:
        self._files += 1
        report = _REPORTS[self._files % len(_REPORTS)]
        contents: dict[str, int | str] = {
            "file_id": 7_000 + self._files,
            "name": f"{report}-{self._files:03d}.csv",
        }
        ready = partial(self._ready, contents)
        self._roster.agenda.add(time_ms + _FILE_READY_S * SECOND_MS, ready)
        return [frames.file_notice("getFileShake", contents | {"date": time_ms})]

    def _ready(self, contents: dict[str, int | str], time_ms: int) -> list[Push]:
        url = f"https://files.example.invalid/{contents['file_id']}"
        return [frames.file_notice("downloadAllow", contents | {"url": url, "date": time_ms})]
