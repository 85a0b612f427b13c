"""The program of ``test_sign_in``: the real window, signed in and out by keys and clicks.

Its first argument says what to do, the second is the SHA-256 of the digest, the rest are options of
the program. The password is typed letter by letter, so that it stands in no text of this file.
Prints one JSON object a line; the keyring is one in memory.
"""

import asyncio
import gc
import hashlib
import json
import re
import sys
import time
from collections.abc import Callable
from typing import Any, ClassVar

import keyring
from keyring.backend import KeyringBackend
from PySide6.QtTest import QTest
from typing_extensions import override

from tftmonitor.app.program import Program
from tftmonitor.app.run import run_window
from tftmonitor.cli import build_parser

LETTERS = (79, 112, 101, 110, 45, 83, 101, 115, 97, 109, 101, 55)
HEX = re.compile(r"[0-9a-fA-F]{32}")


class Memory(KeyringBackend):
    priority = 9
    kept: ClassVar[dict[tuple[str, str], str]] = {}

    @override
    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    @override
    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    @override
    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


def tell(**facts: Any) -> None:
    print(json.dumps(facts), flush=True)


async def until(fact: Callable[[], Any], what: str) -> None:
    end = time.monotonic() + 20
    while not fact():
        if time.monotonic() > end:
            raise TimeoutError(f"waited for {what}")
        await asyncio.sleep(0.02)


def holders(forbidden: str) -> list[str]:
    """What Python still reaches that has the digest, in any text, or the password as a text."""
    gc.collect()
    password = hashlib.sha256(bytes(LETTERS)).digest()
    found = []
    # It hands out what it has freed in Python 3.12 up to 3.12.5, and the interpreter aborts
    # (https://github.com/python/cpython/issues/122695).
    freed = sys.modules.get("_asyncio")
    for holder in gc.get_objects():
        for held in () if holder is freed else gc.get_referents(holder):
            if not isinstance(held, str | bytes) or len(held) > 100_000:
                continue
            text = held if isinstance(held, str) else held.decode("latin-1")
            runs = HEX.findall(text) if len(text) >= 32 else ()
            if any(hashlib.sha256(run.encode()).hexdigest() == forbidden for run in runs):
                found.append(f"{type(holder).__name__}: {len(text)} characters")
            elif hashlib.sha256(text.encode("utf-8", "replace")).digest() == password:
                found.append(f"{type(holder).__name__}: the password")
    return found


async def sign_in(program: Program, user: str = "demo", *, keep: bool = False) -> None:
    sheet = program.parts.sheet
    await until(sheet.isVisible, "the sheet")
    sheet.user.setText(user)
    sheet.keep.setChecked(keep)
    for letter in LETTERS:
        QTest.keyClicks(sheet.password, chr(letter))
    url = sheet.device_url
    tell(destination=sheet.destination.text(), enabled=url.isEnabled(), shown=url.text())
    sheet.sign_in.click()


async def work(program: Program, what: str, forbidden: str) -> None:
    sheet, monitor = program.parts.sheet, program.monitor
    if what == "stored":
        await until(lambda: sheet.isVisible() or monitor.user, "the sheet or a session")
        tell(stage=sheet.stage.text(), user=monitor.user)
        return
    await sign_in(program, keep=True)
    if what == "refused":
        await until(sheet.stage.text, "words")
        tell(stage=sheet.stage.text(), user=monitor.user)
        return
    await until(lambda: len(monitor.fleet), "a device")
    await until(lambda: sheet.password.text() == "", "an empty field")
    bar = program.parts.top_bar
    tell(live=True, mark=bar.readable.isVisibleTo(bar), tip=bar.readable.toolTip())
    await until(lambda: Memory.kept, "the keyring")
    tell(kept=[user for _, user in Memory.kept], profile=program.core.settings.values.device_url)
    tell(before=holders(forbidden))
    program.parts.flow.sign_out()
    await until(lambda: not Memory.kept and sheet.isVisible(), "the sheet again")
    await asyncio.sleep(0.5)  # the transports close
    tell(after=holders(forbidden), field=sheet.password.text())
    sheet.password.undo()
    tell(undone=sheet.password.text())


def main() -> int:
    what, forbidden, *arguments = sys.argv[1:]
    keyring.set_keyring(Memory())  # type: ignore[no-untyped-call]
    for entry in (a.removeprefix("keep:") for a in arguments if a.startswith("keep:")):
        Memory.kept["tftmonitor", entry] = "0123456789abcdef0123456789abcdef"
    options = build_parser().parse_args([a for a in arguments if not a.startswith("keep:")])

    async def script(program: Program) -> None:
        try:
            await work(program, what, forbidden)
        except Exception as error:  # noqa: BLE001 - told
            tell(failed=repr(error))
        program.request_exit()

    return run_window(options, script)


if __name__ == "__main__":
    sys.exit(main())
