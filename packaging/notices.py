"""The licences and notices of everything in the folder, out of what is installed here."""

import os
import re
from importlib import metadata
from pathlib import Path

from files import ROOT, bundled

_NOTICE = re.compile(r"(licen[cs]e|notice|copying|authors)[^/]*$", re.IGNORECASE)
QT = """\
Qt, PySide6 and Shiboken are used under the GNU Lesser General Public License, version 3. They
are libraries of their own (Qt and its plug-ins below _internal/PySide6) that can be replaced by
changed ones with the same interface. Copyright (C) The Qt Company Ltd. and other contributors.
The licence: /usr/share/common-licenses/LGPL-3 on Debian, or www.gnu.org/licenses/lgpl-3.0.html
"""


def texts(name: str) -> list[tuple[str, str]]:
    """File name and text of each licence that the distribution ``name`` carries."""
    found = []
    for path in metadata.files(name) or []:
        if ".dist-info" in str(path) and _NOTICE.search(path.name):
            where = Path(str(path.locate()))
            if where.is_file():
                found.append((path.name, where.read_text("utf-8", "replace")))
    return found


def notices() -> str:
    """One text: our licence, those of our data, of Python, Qt and each library."""
    parts = [("tftmonitor", (ROOT / "LICENSE").read_text("utf-8"))]
    parts += [
        (str(path.relative_to(ROOT)), path.read_text("utf-8"))
        for path in sorted((ROOT / "resources").rglob("LICENSE*"))
    ]
    parts.append(("Qt, PySide6, Shiboken", QT))
    python = Path(os.__file__).parent / "LICENSE.txt"
    if python.is_file():
        parts.append(("Python", python.read_text("utf-8")))
    for name in bundled():
        said = metadata.metadata(name)
        fields = (said.get_all("License-Expression") or said.get_all("License") or [""])[0]
        licence = fields or "as its own files say"
        parts.append((f"{name} {metadata.version(name)}", licence.strip()))
        parts += [(f"{name}: {title}", text) for title, text in texts(name)]
    line = "=" * 78
    return "\n".join(f"{line}\n{title}\n{line}\n\n{text.strip()}\n" for title, text in parts)
