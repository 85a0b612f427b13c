"""The soak must be able to fail: a lost alarm and one that is there twice are told."""

import io
import json
import sqlite3
from collections import Counter
from contextlib import closing
from itertools import islice
from pathlib import Path

from tests.soak.figures import Figures
from tests.soak.ledger import SETTLED_S, Sent, due, faults_of, name_of, raised, read_log
from tests.soak.soak_faults import KINDS, each_kind, faults


def test_names_differ_in_letters() -> None:
    names = [name_of(number) for number in range(2_000)]
    assert len(set(names)) == 2_000
    assert names[:2] == ["Soak aaaaaa", "Soak aaaaab"]
    assert not any(character.isdigit() for name in names for character in name)


def test_due_is_what_was_sent_on_a_connection_that_lived_on() -> None:
    sent = [Sent(name, at_s, 1) for name, at_s in (("a", 1.0), ("b", 4.0), ("c", 9.6), ("d", 7.9))]
    sent.append(Sent("e", 9.9, 2))
    ended = {1: 10.0}
    assert due(sent, ended, []) == ["a", "b", "d", "e"]
    assert due(sent, ended, [(8.0, 9.0)]) == ["a", "b", "e"]
    assert due([Sent("f", 1.0, 1)], {1: 1.0 + SETTLED_S}, []) == ["f"]


def test_log_of_the_server_is_read(tmp_path: Path) -> None:
    rows = [
        {"name": "Soak a", "at_s": 1.0, "connection": 1},
        {"connection": 1, "at_s": 2.0},
        {"connection": 1, "at_s": 3.0},
    ]
    file = tmp_path / "log"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    assert read_log(file) == ([Sent("Soak a", 1.0, 1)], {1: 2.0})


def test_lost_and_doubled_alarms_are_found_in_the_journal(tmp_path: Path) -> None:
    file = tmp_path / "history.sqlite3"
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("CREATE TABLE journal (kind TEXT, body TEXT)")
        rows = [
            ("raised", '{"name": "Soak aaa"}'),
            ("raised", '{"name": "Soak bbb"}'),
            ("raised", '{"name": "Soak bbb"}'),
            ("closed", '{"name": "Soak ccc"}'),
        ]
        database.executemany("INSERT INTO journal VALUES (?, ?)", rows)
    found = raised(file)
    assert found == Counter({"Soak bbb": 2, "Soak aaa": 1})
    assert faults_of(["Soak aaa", "Soak bbb", "Soak ccc"], found) == (["Soak ccc"], ["Soak bbb"])


def test_same_seed_draws_the_same_faults_and_kills_end_at_half_time() -> None:
    plan = list(faults(7, 1_800))
    assert plan == list(faults(7, 1_800))
    assert plan != list(faults(8, 1_800))
    assert {fault.kind for fault in plan} == set(KINDS)
    passed_s = 0.0
    for fault in plan:
        passed_s += fault.after_s
        assert fault.kind != "kill" or passed_s < 900
    assert {fault.kind for fault in islice(each_kind(1), len(KINDS))} == set(KINDS)


def test_growth_of_the_last_life_is_told(tmp_path: Path) -> None:
    figures = Figures(tmp_path / "figures")
    line = {"live": True, "failing": [], "rss": 100, "tasks": 10, "threads": 3, "handles": 20}
    figures.file.write_text("".join(json.dumps(line | {"rss": 900}) + "\n" for _ in range(99)))
    figures.begin(io.StringIO(""))
    with figures.file.open("a") as file:
        for number in range(100):
            file.write(json.dumps(line | {"rss": 100 + number}) + "\n")
        file.write('{"live": fal')
    assert figures.is_well()
    assert [problem.split()[0] for problem in figures.growth()] == ["rss"]
