"""What About says: version, where things are, and the licences of all that is in the program."""

import platform
import re
import sys
from importlib import metadata
from pathlib import Path
from typing import Final

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication

from tftmonitor import __version__

_DATA: Final = (
    "Typeface: Inter, SIL Open Font Licence 1.1.",
    "Meanings of trouble codes: OBDex, CC0 1.0.",
    "Map: made with Natural Earth, public domain, by way of mapeo-offline-map (MIT licence)",
    "and world-atlas (ISC licence).",
    "Towns: GeoNames (geonames.org), CC BY 4.0, changed.",
    "Icons: Lucide, ISC licence (parts of Feather, MIT licence).",
    "Qt is used under the LGPL, version 3; it is a library of its own that can be replaced.",
)
_NAME: Final = re.compile(r"[A-Za-z0-9._-]+")
_LONGEST: Final = 60


def about_text() -> str:
    """Version, licence and the licences of the libraries, as plain text."""
    lines = [
        f"tftmonitor {__version__}",
        "Desktop monitor for fleets of TFT IoT (TOPFLYtech) GPS trackers.",
        "MIT licence. Not made by, and not connected with, the vendor.",
        "",
        f"Python {platform.python_version()} · Qt {qVersion()} · {platform.platform()}",
        "",
        "Libraries:",
        *(f"  {line}" for line in _libraries()),
        "",
        *_DATA,
    ]
    return "\n".join(lines)


def environment_text(profile: Path) -> str:
    """What somebody who is asked for help needs to know; no account, no key, no position."""
    screens = ", ".join(
        f"{screen.geometry().width()}x{screen.geometry().height()} at {screen.devicePixelRatio():g}"
        for screen in QGuiApplication.screens()
    )
    return "\n".join(
        (
            f"tftmonitor {__version__}, Python {platform.python_version()}, Qt {qVersion()}",
            f"{platform.platform()}, {QGuiApplication.platformName()}, {sys.byteorder}-endian",
            f"screens: {screens}",
            f"profile: {_without_home(profile)}",
        )
    )


def _libraries() -> list[str]:
    """Each library that the program needs, with version and licence as it says itself."""
    try:
        wanted = metadata.requires("tftmonitor") or []
    except metadata.PackageNotFoundError:
        return ["as listed in the notices of this package"]
    found = {}
    for requirement in wanted:
        name = _NAME.match(requirement)
        if name is None or "extra ==" in requirement:
            continue
        try:
            facts = metadata.metadata(name[0])
        except metadata.PackageNotFoundError:
            continue  # of another system
        found[facts["Name"]] = f"{facts['Name']} {facts['Version']}: {_licence(facts)}"
    return sorted(found.values(), key=str.casefold)


def _licence(facts: "metadata.PackageMetadata") -> str:
    words = _first(facts, "License-Expression") or _first(facts, "License")
    first = words.strip().splitlines()[0] if words.strip() else ""
    if first and len(first) <= _LONGEST:
        return first
    named = [
        line.rpartition("::")[2].strip()
        for line in facts.get_all("Classifier") or ()
        if line.startswith("License ::")
    ]
    return ", ".join(named) or "see its own files"


def _first(facts: "metadata.PackageMetadata", key: str) -> str:
    return next(iter(facts.get_all(key) or ()), "")


def _without_home(path: Path) -> str:
    try:
        return f"~/{path.relative_to(Path.home())}"
    except ValueError:
        return path.name
