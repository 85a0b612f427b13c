"""The rules on disk: kept whole, and what cannot be read is put aside and said."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from tftmonitor.model.rules.conditions import FlagIs
from tftmonitor.model.rules.defaults import DEFAULT_RULES
from tftmonitor.model.rules.rule import Rule
from tftmonitor.settings.rules_file import RulesFile

RULE = Rule(id="a", name="Zündung", condition=FlagIs(field="acc"))


def test_first_start_has_the_defaults_and_writes_nothing(tmp_path: Path) -> None:
    file = RulesFile(tmp_path / "new")
    assert file.rules == list(DEFAULT_RULES)
    assert not file.path.exists()
    assert file.problem == ""


def test_saved_rules_come_back(tmp_path: Path) -> None:
    file = RulesFile(tmp_path / "new")
    assert file.save([RULE, *DEFAULT_RULES])
    assert file.rules[0] == RULE
    assert RulesFile(tmp_path / "new").rules == [RULE, *DEFAULT_RULES]
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["rules.json"]
    assert "Zündung" in file.path.read_text("utf-8")


def test_no_rules_at_all_is_a_choice_and_stays(tmp_path: Path) -> None:
    RulesFile(tmp_path).save([])
    assert RulesFile(tmp_path).rules == []


def test_rules_in_another_code_page_are_kept_and_the_line_is_named(tmp_path: Path) -> None:
    RulesFile(tmp_path).save([RULE])
    path = tmp_path / "rules.json"
    text = path.read_text("utf-8")
    path.write_bytes(text.encode("utf-16"))
    assert RulesFile(tmp_path).rules == [RULE]
    content = text.encode("cp1252")
    path.write_bytes(content)
    file = RulesFile(tmp_path)
    assert " is not UTF-8); kept as rules.unreadable.json" in file.problem
    assert (tmp_path / "rules.unreadable.json").read_bytes() == path.read_bytes() == content


@pytest.mark.parametrize("content", [b"{", b'{"a": 1}', b"\xff"])
def test_unreadable_file_is_kept_beside_and_said(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "rules.json").write_bytes(content)
    file = RulesFile(tmp_path)
    assert file.rules == list(DEFAULT_RULES)
    assert "kept as rules.unreadable.json" in file.problem
    assert (tmp_path / "rules.unreadable.json").read_bytes() == content


def test_one_bad_rule_does_not_cost_the_others(tmp_path: Path) -> None:
    file = RulesFile(tmp_path)
    file.save([RULE, replace(RULE, id="b")])
    broken = file.path.read_text("utf-8").replace('"id": "b"', '"id": 7')
    file.path.write_text(broken, "utf-8")
    again = RulesFile(tmp_path)
    assert again.rules == [RULE]
    assert again.problem.startswith("1 of 2 rules were not readable (")
    assert (tmp_path / "rules.unreadable.json").read_text("utf-8") == broken


def test_two_rules_of_one_id_are_not_both_taken(tmp_path: Path) -> None:
    RulesFile(tmp_path).save([RULE, replace(RULE, name="twin")])
    again = RulesFile(tmp_path)
    assert again.rules == [RULE]
    assert "two rules are called a" in again.problem


def test_condition_of_a_newer_version_survives_a_save(tmp_path: Path) -> None:
    text = '[{"id": "n", "condition": {"when": "of_tomorrow", "x": [1]}}]'
    (tmp_path / "rules.json").write_text(text)
    file = RulesFile(tmp_path)
    assert file.problem == ""
    file.save(file.rules)
    assert '"of_tomorrow"' in file.path.read_text("utf-8")
    assert RulesFile(tmp_path).rules == file.rules


def test_disk_that_refuses_is_said_and_the_rules_still_hold(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    file = RulesFile(tmp_path)
    file.file.path = tmp_path / "file" / "rules.json"
    assert not file.save([RULE])
    assert "could not be saved" in file.problem
    assert file.rules == [RULE]
    file.file.try_again()
    assert file.file.is_unsaved
    file.file.path = tmp_path / "rules.json"
    file.file.try_again()
    assert (file.file.is_unsaved, file.problem) == (False, "")
    assert RulesFile(tmp_path).rules == [RULE]
    assert file.save([RULE])
    assert file.problem == ""


def test_directory_in_place_of_the_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "rules.json").mkdir()
    file = RulesFile(tmp_path)
    assert "could not be read" in file.problem
    assert file.rules == list(DEFAULT_RULES)


def test_copy_that_cannot_be_kept_is_said(tmp_path: Path) -> None:
    (tmp_path / "rules.json").write_text("{")
    (tmp_path / "rules.unreadable.json").mkdir()
    assert "could not be kept" in RulesFile(tmp_path).problem
