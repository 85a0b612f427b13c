"""The house: small packages, modules and classes, and no circle of imports."""

import ast
import dataclasses
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "tftmonitor"
MAX_MODULES = 20
MAX_MODULE_LINES = 400
MAX_CLASS_LINES = 250

# What breaks a rule today, and nothing else: an entry that breaks none any more fails the test.
KNOWN_PACKAGES: frozenset[str] = frozenset()
KNOWN_MODULES: frozenset[str] = frozenset()
KNOWN_CLASSES: frozenset[str] = frozenset()
KNOWN_CIRCLES: frozenset[frozenset[str]] = frozenset()


@dataclasses.dataclass(frozen=True)
class Module:
    name: str
    is_package: bool
    lines: int
    tree: ast.Module


def read_module(path: Path, top: Path) -> Module:
    parts = path.relative_to(top).with_suffix("").parts
    is_package = parts[-1] == "__init__"
    text = path.read_text("utf-8")
    name = ".".join(parts[:-1] if is_package else parts)
    return Module(name, is_package, len(text.splitlines()), ast.parse(text))


@cache
def modules() -> dict[str, Module]:
    """Every module of the program by its full name."""
    found = (read_module(path, ROOT) for path in sorted((ROOT / PACKAGE).rglob("*.py")))
    return {module.name: module for module in found}


def imported_names(module: Module) -> Iterator[str]:
    """Full names of what the module imports, late and type-checking imports included."""
    package = module.name if module.is_package else module.name.rpartition(".")[0]
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join([*(above if node.level else []), *filter(None, [node.module])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def import_graph(known: Mapping[str, Module]) -> dict[str, set[str]]:
    """Which of these modules each of them imports; ``from package import module`` is the module."""
    graph: dict[str, set[str]] = {}
    for name, module in known.items():
        found = {
            target if target in known else target.rpartition(".")[0]
            for target in imported_names(module)
        }
        graph[name] = found & known.keys()
    return graph


def reachable(graph: Mapping[str, set[str]], start: str) -> set[str]:
    """What is imported from there on, directly or through others; itself only in a circle."""
    seen: set[str] = set()
    ahead = [start]
    while ahead:
        new = graph[ahead.pop()] - seen
        seen |= new
        ahead += new
    return seen


def circles(graph: Mapping[str, set[str]]) -> set[frozenset[str]]:
    """Each group of modules that all import each other, directly or through others."""
    reach = {name: reachable(graph, name) for name in graph}
    return {
        frozenset(other for other in reach[name] if name in reach[other])
        for name in graph
        if name in reach[name]
    }


def test_the_program_is_found() -> None:
    assert len(modules()) > 200
    assert f"{PACKAGE}.app" in modules()
    assert sum(len(targets) for targets in import_graph(modules()).values()) > 500


def test_no_package_has_more_than_20_modules_of_its_own() -> None:
    sizes = Counter(
        module.name.rpartition(".")[0] for module in modules().values() if not module.is_package
    )
    assert {name for name, size in sizes.items() if size > MAX_MODULES} == KNOWN_PACKAGES


def test_no_module_has_more_than_400_lines() -> None:
    long = {name for name, module in modules().items() if module.lines > MAX_MODULE_LINES}
    assert long == KNOWN_MODULES


def test_no_class_has_more_than_250_lines() -> None:
    spans = {
        f"{module.name}.{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for module in modules().values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
    }
    assert {name for name, lines in spans.items() if lines > MAX_CLASS_LINES} == KNOWN_CLASSES


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert circles(import_graph(modules())) == KNOWN_CIRCLES


def test_circle_is_found_however_it_is_imported(tmp_path: Path) -> None:
    texts = {
        "house/__init__.py": "",
        "house/a.py": "from house import b",
        "house/b.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import house.c",
        "house/c.py": "def late():\n    from .a import thing",
        "house/room/__init__.py": "",
        "house/room/d.py": "from ..a import thing\nfrom ..room import e",
        "house/room/e.py": "import json",
    }
    for name, text in texts.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    found = [read_module(tmp_path / name, tmp_path) for name in texts]
    graph = import_graph({module.name: module for module in found})
    assert graph["house.room.d"] == {"house.a", "house.room.e"}
    assert circles(graph) == {frozenset({"house.a", "house.b", "house.c"})}
