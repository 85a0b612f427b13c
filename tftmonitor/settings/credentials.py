"""The credential: from the environment, the system's keyring, or typed in.

What is kept is the MD5 that the server wants, which is as good as the password itself.
"""

import contextlib
import os
import threading
from collections.abc import Callable, Iterable
from typing import TypeVar

from tftmonitor.base import secret_variables
from tftmonitor.model.fields.formatting import clip
from tftmonitor.protocol.addresses import origin_of
from tftmonitor.protocol.channels import Credential

PASSWORD_VARIABLE = secret_variables.PASSWORD_VARIABLE
_SERVICE = "tftmonitor"
# A locked keyring can wait for a person who is not there.
_KEYRING_LIMIT_S = 5.0

_T = TypeVar("_T")


class KeyringError(Exception):
    """The keyring cannot tell; the text is one sentence for people."""


class KeyringQuestion:
    """Asks the keyring in a thread of its own, which nobody has to wait for.

    A locked one answers only once a person has opened it, minutes later or never.
    """

    def __init__(self, user: str, urls: Iterable[str]) -> None:
        self._user = user
        self._entries = _entries(user, urls)
        self._answered = threading.Event()
        self._stored: str | None = None
        self._problem = ""
        threading.Thread(target=self._ask, name="keyring", daemon=True).start()

    def wait(self, limit_s: float) -> bool:
        """Wait for up to this many seconds; True once there is an answer."""
        return self._answered.wait(limit_s)

    @property
    def credential(self) -> Credential | None:
        """What is stored for all of these addresses, else None; KeyringError says why not."""
        if self._problem:
            raise KeyringError(self._problem)
        return Credential(self._user, self._stored) if self._stored else None

    def _ask(self) -> None:
        try:
            self._stored = _read(self._entries)
        except Exception as error:  # noqa: BLE001 - back ends raise what they like
            self._problem = _words_for(error)
        self._answered.set()


def from_environment(user: str) -> Credential | None:
    """The credential of the password in the environment, if there is one."""
    password = os.environ.get(PASSWORD_VARIABLE)
    return Credential.from_password(user, password) if password is not None else None


def load(user: str, urls: Iterable[str]) -> Credential | None:
    """The stored credential of this user for these addresses, that it was stored for.

    None when there is none, also for one of the addresses, or no keyring answers. Blocks for up
    to five seconds: call it in a thread where that matters.
    """
    question = KeyringQuestion(user, urls)
    question.wait(_KEYRING_LIMIT_S)
    with contextlib.suppress(KeyringError):
        return question.credential
    return None


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


def _read(entries: Iterable[str]) -> str | None:
    import keyring

    found = {keyring.get_password(_SERVICE, entry) for entry in entries}
    return found.pop() if len(found) == 1 else None


def _words_for(error: Exception) -> str:
    # By their names: the errors of a keyring that cannot be imported cannot be either.
    kinds = {kind.__name__ for kind in type(error).__mro__}
    if "KeyringLocked" in kinds:
        return "The keyring stayed locked."
    if kinds & {"NoKeyringError", "ImportError"}:
        return "There is no keyring on this computer."
    reason = clip(str(error)).rstrip(".") or type(error).__name__
    return f"The keyring failed: {reason}."


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
