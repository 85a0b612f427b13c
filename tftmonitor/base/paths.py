"""Where the program's own data files are; nobody else may build such a path."""

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
# A wheel and a frozen program carry the folder inside the package, a checkout beside it.
_CANDIDATES = (_PACKAGE / "resources", _PACKAGE.parent / "resources")


@cache
def _root() -> Path:
    for candidate in _CANDIDATES:
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"no resources in {' or '.join(map(str, _CANDIDATES))}")


def resource(*parts: str) -> Path:
    """The path of a shipped file, as ``resource("icons", "app.svg")``; it need not exist."""
    return _root().joinpath(*parts)
