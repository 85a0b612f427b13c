"""Variables of the environment that sign somebody in: no child process may have them."""

import os
from typing import Final

PASSWORD_VARIABLE: Final = "TFTMONITOR_PASSWORD"  # noqa: S105 - a name, not a secret
# The program has no other variables; a second one would hold no less.
_PREFIX: Final = "TFTMONITOR_"


def is_secret(name: str) -> bool:
    """True for a variable that children must not see."""
    return name.upper().startswith(_PREFIX)


def forget_secrets() -> None:
    """Take them out of this process' environment, and so out of that of all its children."""
    for name in [*filter(is_secret, os.environ)]:
        os.environ.pop(name, None)
