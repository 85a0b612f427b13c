"""The credential: from the environment, the system's keyring, or typed in.

What is kept is the MD5 that the server wants, which is as good as the password itself.
"""

import contextlib
import os
import threading
from collections.abc import Callable, Iterable
from typing import TypeVar

from tftmonitor.base import secret_variables
from tftmonitor.protocol.addresses import origin_of
from tftmonitor.protocol.channels import Credential

PASSWORD_VARIABLE = secret_variables.PASSWORD_VARIABLE
_SERVICE = "tftmonitor"
# A locked keyring can wait for a person who is not there.
_KEYRING_LIMIT_S = 5.0

_T = TypeVar("_T")


def from_environment(user: str) -> Credential | None:
    """The credential of the password in the environment, if there is one."""
    password = os.environ.get(PASSWORD_VARIABLE)
    return Credential.from_password(user, password) if password is not None else None


def load(user: str, urls: Iterable[str]) -> Credential | None:
    """The stored credential of this user for these addresses, that it was stored for.

    None when there is none, also for one of the addresses, or no keyring answers. Blocks for up
    to five seconds: call it in a thread where that matters.
    """

    def ask() -> str | None:
        import keyring

        found = {keyring.get_password(_SERVICE, entry) for entry in entries}
        return found.pop() if len(found) == 1 else None

    entries = _entries(user, urls)
    stored = _limited(ask)
    return Credential(user, stored) if stored else None


def store(credential: Credential, urls: Iterable[str]) -> bool:
    """Keep the credential for these addresses and no others.

    False when no keyring took it, so that the user can be told.
    """
    entries = _entries(credential.user, urls)

    def keep() -> bool:
        import keyring

        for entry in entries:
            keyring.set_password(_SERVICE, entry, credential.password_md5)
        return True

    return bool(_limited(keep))


def forget(user: str, urls: Iterable[str]) -> None:
    """Remove what is stored for this user at these addresses, if anything."""
    # What an older version stored is bound to no address, and of no use any more.
    entries = (*_entries(user, urls), user)

    def remove() -> bool:
        import keyring

        for entry in entries:
            with contextlib.suppress(Exception):  # there is none
                keyring.delete_password(_SERVICE, entry)
        return True

    _limited(remove)


def _entries(user: str, urls: Iterable[str]) -> list[str]:
    """The names in the keyring: one for each server that gets the credential."""
    return [f"{user} at {origin}" for origin in sorted({origin_of(url) for url in urls})]


def _limited(ask: Callable[[], _T]) -> _T | None:
    """The result of ``ask``, or None when it fails or takes too long."""
    results: list[_T] = []

    def run() -> None:
        # Back ends raise what they like; each means that there is no keyring to use.
        with contextlib.suppress(Exception):
            results.append(ask())

    thread = threading.Thread(target=run, name="keyring", daemon=True)
    thread.start()
    thread.join(_KEYRING_LIMIT_S)
    return results[0] if results else None
