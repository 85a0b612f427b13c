"""Where the program's own data files are; nobody else may build such a path."""

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
# A wheel and a frozen program carry the folder inside the package, a checkout beside it.
_CANDIDATES = (_PACKAGE / "resources", _PACKAGE.parent / "resources")
# The manual is shipped among the resources; in a checkout it stands where people look for it.
_GUIDES = (_PACKAGE / "resources" / "guide", _PACKAGE.parent / "docs" / "guide")


@cache
def _first(candidates: tuple[Path, ...]) -> Path:
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"none of the folders {' or '.join(map(str, candidates))}")


def resource(*parts: str) -> Path:
    """The path of a shipped file, as ``resource("icons", "app.svg")``; it need not exist."""
    return _first(_CANDIDATES).joinpath(*parts)


def guide(*parts: str) -> Path:
    """The path of a file of the manual, as ``guide("alarms.md")``; it need not exist."""
    return _first(_GUIDES).joinpath(*parts)
