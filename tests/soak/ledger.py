"""What the server sent, and what of it has to be in the journal, once."""

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

SETTLED_S = 0.5
"""An alarm counts as received when its connection lived on for so long (real seconds), and the
program was neither killed nor stopped within that: the server cannot see more."""

_NAME = re.compile(r"Soak [a-z]+")


@dataclass(frozen=True, slots=True)
class Sent:
    """One alarm: its name, when it was written to the socket (s since 1970), and on which."""

    name: str
    at_s: float
    connection: int


def name_of(number: int) -> str:
    """A name for each alarm, of letters: texts that differ in numbers only are one alarm."""
    letters = ""
    for _ in range(6):
        number, digit = divmod(number, 26)
        letters = chr(ord("a") + digit) + letters
    return f"Soak {letters}"


def read_log(file: Path) -> tuple[list[Sent], dict[int, float]]:
    """The server's log: what it sent, and when each connection ended or stopped flowing."""
    sent: list[Sent] = []
    ended: dict[int, float] = {}
    for line in file.read_text("utf-8").splitlines():
        row = json.loads(line)
        if "name" in row:
            sent.append(Sent(row["name"], row["at_s"], row["connection"]))
        else:
            ended.setdefault(row["connection"], row["at_s"])
    return sent, ended


def due(
    sent: Iterable[Sent], ended: dict[int, float], outages: Iterable[tuple[float, float]]
) -> list[str]:
    """Names of the alarms that were sent on a live connection to a program that ran."""
    blind = list(outages)
    return [
        each.name
        for each in sent
        if ended.get(each.connection, float("inf")) - each.at_s >= SETTLED_S
        and not any(begin - SETTLED_S <= each.at_s <= end for begin, end in blind)
    ]


def raised(database: Path) -> Counter[str]:
    """How often each alarm of the soak is in the journal as raised."""
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        rows = connection.execute("SELECT body FROM journal WHERE kind = 'raised'")
        return Counter(match[0] for (body,) in rows if (match := _NAME.search(body)))


def faults_of(wanted: Iterable[str], found: Counter[str]) -> tuple[list[str], list[str]]:
    """Alarms that are lost, and those that are in the journal more than once."""
    lost = [name for name in wanted if not found[name]]
    return lost, [name for name, count in found.items() if count > 1]
