"""The manual cannot lie: what its text names is looked for in the program."""

import argparse
import re
import tomllib
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from tftmonitor.base.paths import guide
from tftmonitor.cli import build_parser
from tftmonitor.ui.help.guide_pages import CONTENTS, PAGE_LINK, WORDS_PAGE, guide_pages, slug
from tftmonitor.ui.help.words import WORDS
from tftmonitor.ui.settings.table import GROUPS
from tftmonitor.ui.window.actions import ACTIONS

ROOT = Path(__file__).resolve().parents[3]
FILES = sorted(path.name for path in guide().glob("*.md"))
PAGES = [name for name in FILES if name != CONTENTS]
PICTURE = re.compile(r"!\[([^\]]+)\]\(([^)]+)\)")
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)]+)\)")
ACTION = re.compile(r"\*(\w+) > ([^*]+)\*(?:\s+(?:\(|\| )\*\*([^*]+)\*\*)?")
KEY = re.compile(r"\*\*((?:(?:Ctrl|Shift|Alt)\+)*(?:F\d+|[A-Z0-9,?])|Esc|Enter)\*\*")
SETTING = re.compile(r"settings? ((?:\"[^\"]+\"(?:, | and )?)+)")
COMMAND = re.compile(r"`tftmonitor ([^`]+)`")
LARGEST_BYTES = 1_500_000


def text_of(name: str) -> str:
    # A line may end within what is looked for.
    return re.sub(r"(?<=\S)\n(?=\S)", " ", guide(name).read_text("utf-8"))


def test_the_contents_name_every_page_once() -> None:
    assert len(PAGES) >= 10
    assert sorted(name for _, name, _ in PAGE_LINK.findall(text_of(CONTENTS))) == PAGES
    names = [page.name for page in guide_pages()]
    assert names[-1] == WORDS_PAGE
    assert sorted(names[:-1]) == PAGES


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_short_and_has_a_title_and_a_picture(name: str) -> None:
    text = guide(name).read_text("utf-8")
    assert text.startswith("# ")
    assert len(text.split()) < 700
    assert name == "first-hour.md" or PICTURE.search(text)


@pytest.mark.parametrize("name", FILES)
def test_every_link_leads_to_a_heading_or_page_that_is_there(name: str) -> None:
    for target in LINK.findall(text_of(name)):
        page, _, heading = target.partition("#")
        assert page in FILES, target
        titles = re.findall(r"^#+ (.+)$", guide(page).read_text("utf-8"), re.MULTILINE)
        assert not heading or heading in {slug(title) for title in titles}


def test_every_picture_is_there_light_and_dark_and_none_is_left_over() -> None:
    named = {target for name in FILES for _, target in PICTURE.findall(text_of(name))}
    assert all(re.fullmatch(r"pictures/[a-z-]+-light\.png", target) for target in named)
    wanted = named | {target.replace("-light", "-dark") for target in named}
    there = {f"pictures/{path.name}" for path in guide("pictures").iterdir()}
    assert wanted == there
    assert not any(QImage(str(guide(*name.split("/")))).isNull() for name in wanted)
    assert sum(path.stat().st_size for path in guide("pictures").iterdir()) < LARGEST_BYTES


@pytest.mark.parametrize("name", FILES)
def test_nothing_of_it_is_fetched(name: str) -> None:
    text = guide(name).read_text("utf-8")
    assert "http" not in "".join(target for _, target in PICTURE.findall(text))
    # HTML would be taken as such.
    assert not re.search(r"<\w", text)


@pytest.mark.parametrize("name", FILES)
def test_actions_are_in_that_menu_under_that_key(name: str) -> None:
    known = {(spec.menu, spec.text): spec.shortcut for spec in ACTIONS}
    for menu, text, key in ACTION.findall(text_of(name)):
        assert (menu, text) in known
        assert not key or known[menu, text] == key


@pytest.mark.parametrize("name", FILES)
def test_keys_are_those_of_actions(name: str) -> None:
    assert set(KEY.findall(text_of(name))) <= {spec.shortcut for spec in ACTIONS}


def test_the_page_of_keys_has_all_of_them() -> None:
    named = {(menu, text, key) for menu, text, key in ACTION.findall(text_of("keyboard.md"))}
    assert named == {(spec.menu, spec.text, spec.shortcut) for spec in ACTIONS if spec.shortcut}


@pytest.mark.parametrize("name", FILES)
def test_settings_have_that_name(name: str) -> None:
    labels = {row.label for group in GROUPS for row in group.rows}
    named = [part for found in SETTING.findall(text_of(name)) for part in found.split('"')[1::2]]
    assert set(named) <= labels


def test_commands_and_their_options_exist() -> None:
    (commands,) = (
        action
        for action in build_parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    )
    lines = [line for name in FILES for line in COMMAND.findall(text_of(name))]
    assert len(lines) >= 5
    for line in lines:
        command, *rest = line.split()
        options = commands.choices[command]._option_string_actions
        assert {word for word in rest if word.startswith("--")} <= set(options)


def test_words_lead_to_pages_that_are_there() -> None:
    assert {each.page for each in WORDS if each.page} <= set(PAGES)
    text = guide_pages()[-1].text
    assert all(f"({each.page})" in text for each in WORDS if each.page)


def test_the_manual_is_in_the_wheel_and_in_the_frozen_program() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    included = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert included["docs/guide"] == "tftmonitor/resources/guide"
    spec = (ROOT / "packaging" / "tftmonitor.spec").read_text("utf-8")
    assert '(str(root / "docs" / "guide"), "tftmonitor/resources/guide")' in spec
