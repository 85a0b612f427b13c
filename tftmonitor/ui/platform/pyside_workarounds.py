"""Workarounds of the binding of Qt, to be applied before anything of Qt is imported."""

import sys

_SCAN_FUNCTION = "_mod_uses_pyside"


def skip_source_scan() -> None:
    """Keep the binding from reading the source of every module that is imported.

    WORKAROUND PySide6 6.11: it looks for the word "PySide6" in the source of each module, to find
    out whether snake_case names may be switched on there. That takes a tenth of the start and
    12 MiB of lines that Python keeps. Nothing here switches names on; frozen programs, which have
    no sources, do without as well. Remove when the binding has an option for it.
    """
    import shiboken6  # noqa: F401 - it brings the module that is changed, without Qt

    features = sys.modules.get("shibokensupport.feature")
    if hasattr(features, _SCAN_FUNCTION):
        setattr(features, _SCAN_FUNCTION, _uses_no_features)


def _uses_no_features(_module: object) -> bool:
    return False
