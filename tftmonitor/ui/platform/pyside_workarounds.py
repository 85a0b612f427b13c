"""Qt's binding, told not to read the source of every module that is imported."""

import sys

_LOOKS_INTO_SOURCE = "_mod_uses_pyside"


def spare_sources() -> None:
    """To be called before anything of Qt is imported.

    WORKAROUND PySide6 6.11: it looks for the word "PySide6" in the source of each module, to find
    out whether snake_case names may be switched on there. That takes a tenth of the start and
    12 MiB of lines that Python keeps. Nothing here switches names on; frozen programs, which have
    no sources, do without as well. Remove when the binding has an option for it.
    """
    import shiboken6  # noqa: F401 - it brings the module that is changed

    features = sys.modules.get("shibokensupport.feature")
    if hasattr(features, _LOOKS_INTO_SOURCE):
        setattr(features, _LOOKS_INTO_SOURCE, _uses_no_feature)


def _uses_no_feature(_module: object) -> bool:
    return False
