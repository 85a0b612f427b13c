"""The files about the project: each path, command, option and version in them exists.

The workflow can not be run here, and no reader of YAML is among the dependencies, so the lines
themselves are looked at.
"""

import argparse
import importlib.metadata
import importlib.util
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tftmonitor import __version__, cli
from tftmonitor.base.secret_variables import PASSWORD_VARIABLE

ROOT = Path(__file__).resolve().parents[2]
GITHUB = ROOT / ".github"
PRE_COMMIT = ROOT / ".pre-commit-config.yaml"
WORKFLOW = GITHUB / "workflows" / "checks.yml"
TEMPLATES = GITHUB / "ISSUE_TEMPLATE"
FILES = [
    PRE_COMMIT,
    WORKFLOW,
    GITHUB / "dependabot.yml",
    GITHUB / "pull_request_template.md",
    TEMPLATES / "config.yml",
    TEMPLATES / "bug.md",
    TEMPLATES / "unknown-frame.md",
    TEMPLATES / "feature.md",
    ROOT / "SECURITY.md",
    ROOT / "CONTRIBUTING.md",
]
SYSTEMS = {"ubuntu-latest", "windows-latest", "macos-latest"}
ACTIONS = {"actions/checkout", "actions/setup-python", "actions/upload-artifact"}
# What commands make, and what is of the reader's own machine.
NOT_IN_THE_TREE = ("dist/", ".venv/", "actions/", "http", "ws:")
PATH_ENDINGS = (".py", ".md", ".toml", ".yml", ".yaml", ".lock")
# Options of the tools that the hooks run.
TOOL_OPTIONS = {"--force-exclude", "--no-logo"}
TEXT_ENDINGS = {*PATH_ENDINGS, ".cfg", ".desktop", ".spec", ".template", ".txt"}
# A changelog names versions, and the lock holds those of others.
MAY_NAME_VERSIONS = {ROOT / "CHANGELOG.md", ROOT / "requirements.lock"}


def load_dev() -> ModuleType:
    spec = importlib.util.spec_from_file_location("dev_script", ROOT / "dev.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def values(file: Path, key: str) -> list[str]:
    """The values of this key in a YAML file, one line each, without quotes."""
    rows = re.findall(rf"^[ -]*{key}: *(\S.*)$", file.read_text("utf-8"), re.MULTILINE)
    return [row.strip("\"'") for row in rows]


def named_paths(text: str) -> Iterator[str]:
    """What looks like a path from the root of the project."""
    for word in re.split(r"[\s`\"'()\[\],;:<>]+", text):
        path = word.strip(".") if word.endswith(".") else word
        if path.startswith(NOT_IN_THE_TREE):
            continue
        if re.fullmatch(r"[\w.-]+(/[\w.-]+)+", path) or path.endswith(PATH_ENDINGS):
            yield path


def help_texts() -> str:
    """The help of the program and of each of its commands."""
    texts = [cli.build_parser([]).format_help()]
    for load, _ in cli.COMMANDS.values():
        parser = argparse.ArgumentParser()
        load().add_arguments(parser)
        texts.append(parser.format_help())
    return "\n".join(texts)


def test_every_file_of_this_kind_is_looked_at() -> None:
    found = {path for path in GITHUB.rglob("*") if path.is_file()}
    assert found <= set(FILES)
    assert [path for path in FILES if not path.is_file()] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_named_paths_exist(file: Path) -> None:
    paths = set(named_paths(file.read_text("utf-8")))
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []


def test_paths_are_recognised() -> None:
    text = "See `tests/unit`, [x](SECURITY.md) and packaging/build.py. Not dist/x, not `a.png`."
    assert list(named_paths(text)) == ["tests/unit", "SECURITY.md", "packaging/build.py"]
    found = {path for file in FILES for path in named_paths(file.read_text("utf-8"))}
    assert {"dev.py", "SECURITY.md", "tftmonitor/__init__.py"} < found


def test_named_commands_of_dev_exist() -> None:
    dev = load_dev()
    text = "\n".join(file.read_text("utf-8") for file in [*FILES, ROOT / "README.md"])
    named = set(re.findall(r"dev\.py (\w+)", text))
    assert named <= set(dev.COMMANDS)
    assert {"test", "build", "lock", "setup"} <= named


def test_named_commands_of_the_program_exist() -> None:
    text = "\n".join(file.read_text("utf-8") for file in FILES)
    named = set(re.findall(r"`tftmonitor ([a-z]+)", text))
    assert named == {"watch", "simulate"}
    assert named <= set(cli.COMMANDS)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_named_options_exist(file: Path) -> None:
    known = set(re.findall(r"--[a-z][a-z-]+", help_texts() + load_dev().USAGE)) | TOOL_OPTIONS
    named = set(re.findall(r"(?<![\w<!-])--[a-z][a-z-]+", file.read_text("utf-8")))
    assert named - known == set()


def test_security_names_the_variable_of_the_password() -> None:
    assert f"`{PASSWORD_VARIABLE}`" in (ROOT / "SECURITY.md").read_text("utf-8")


def test_hooks_are_the_static_checks_and_need_no_host() -> None:
    assert values(PRE_COMMIT, "repo") == ["local"]
    assert set(values(PRE_COMMIT, "language")) == {"system"}
    entries = [entry.split() for entry in values(PRE_COMMIT, "entry")]
    checks = [entry[2:] if entry[:2] == ["python", "-m"] else entry for entry in entries]
    *modules, script = [check[0] for check in checks]
    assert modules == ["ruff", "ruff", "mypy"]
    assert all(importlib.util.find_spec(module) for module in modules)
    scripts = importlib.metadata.entry_points(group="console_scripts")
    assert script in scripts.names
    # The same as before a release: dev.py names its checks so.
    script = (ROOT / "dev.py").read_text("utf-8")
    names = [" ".join(word for word in check if not word.startswith("-")) for check in checks]
    assert [name for name in names if f'"{name}": [' not in script] == []


def test_workflow_runs_the_commands_of_dev_and_known_actions() -> None:
    assert values(WORKFLOW, "run") == [
        "python dev.py test",
        "python dev.py build",
        "tar -czf tftmonitor.tar.gz -C dist tftmonitor",
    ]
    assert values(WORKFLOW, "path") == ["tftmonitor.tar.gz"]
    actions = [action.split("@") for action in values(WORKFLOW, "uses")]
    assert {name for name, _ in actions} == ACTIONS
    assert [version for _, version in actions if not re.fullmatch(r"v\d+", version)] == []


def test_workflow_tests_and_builds_on_three_systems() -> None:
    text = WORKFLOW.read_text("utf-8")
    _, test, build = re.split(r"^  (?:test|build):$", text, flags=re.MULTILINE)
    for job in (test, build):
        assert set(re.findall(r"\b\w+-latest\b", job)) == SYSTEMS
        assert "runs-on: ${{ matrix.os }}" in job


def test_pythons_of_the_workflow_are_those_of_the_project() -> None:
    settings = project()
    matrix, *single = values(WORKFLOW, "python")
    tested = re.findall(r"3\.\d+", matrix)
    prefix = "Programming Language :: Python :: 3."
    classifiers = [row for row in settings["project"]["classifiers"] if row.startswith(prefix)]
    assert [row.rpartition(" ")[2] for row in classifiers] == tested
    oldest = ".".join(map(str, load_dev().OLDEST_PYTHON))
    assert settings["project"]["requires-python"] == f">={oldest}"
    assert tested[0] == oldest == settings["tool"]["mypy"]["python_version"]
    single += [version for version in values(WORKFLOW, "python-version") if version[0] != "$"]
    assert len(single) == 3
    assert set(single) <= set(tested)


def test_dependencies_and_actions_are_looked_at_monthly_in_groups() -> None:
    file = GITHUB / "dependabot.yml"
    assert values(file, "package-ecosystem") == ["pip", "github-actions"]
    assert values(file, "interval") == ["monthly", "monthly"]
    assert values(file, "directory") == ["/", "/"]
    assert values(file, "patterns") == ['["*"]', '["*"]']


@pytest.mark.parametrize("name", ["bug.md", "unknown-frame.md", "feature.md"])
def test_issue_template_begins_with_its_name(name: str) -> None:
    text = (TEMPLATES / name).read_text("utf-8")
    assert re.match(r"---\nname: [^\n:]+\nabout: [^\n:]+\nlabels: \w+\n---\n\n", text)


def test_no_yaml_file_has_a_tab_or_an_odd_indent() -> None:
    files = [file for file in FILES if file.suffix in {".yml", ".yaml"}]
    lines = [line for file in files for line in file.read_text("utf-8").splitlines()]
    assert len(lines) > 80
    indents = {len(line) - len(line.lstrip(" ")) for line in lines}
    assert [indent for indent in indents if indent % 2] == []
    assert [line for line in lines if "\t" in line] == []


def tree_texts() -> Iterator[Path]:
    """The text files of the tree, without what tools make."""
    tops = [path for path in ROOT.iterdir() if path.name in {".github", PRE_COMMIT.name}]
    tops += [path for path in ROOT.iterdir() if not path.name.startswith(".")]
    for top in tops:
        if top.name in {"build", "dist"} or top.suffix == ".egg-info":
            continue
        for path in [top, *top.rglob("*")]:
            if path.suffix in TEXT_ENDINGS and path.is_file():
                yield path


def test_version_stands_in_one_place() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+\w*", __version__)
    pattern = re.compile(rf"(?<![\w.]){re.escape(__version__)}(?![\w.])")
    texts = set(tree_texts())
    assert {ROOT / "pyproject.toml", ROOT / "packaging" / "tftmonitor.spec", WORKFLOW} < texts
    holding = {path for path in texts if pattern.search(path.read_text("utf-8", "replace"))}
    assert holding - MAY_NAME_VERSIONS == {ROOT / "tftmonitor" / "__init__.py"}


def test_build_backend_reads_the_version_from_the_package() -> None:
    settings = project()
    assert settings["project"]["dynamic"] == ["version"]
    path = settings["tool"]["hatch"]["version"]["path"]
    text = (ROOT / path).read_text("utf-8")
    # The form that hatchling looks for.
    found = re.findall(r'^__version__ = "([^"]+)"$', text, re.MULTILINE)
    assert found == [__version__]


def test_program_prints_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"tftmonitor {__version__}\n"
