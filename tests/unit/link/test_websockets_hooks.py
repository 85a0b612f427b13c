"""What ``link/paced_connection.py`` uses of websockets beyond its documentation.

After an upgrade that fails here: read ``Connection.data_received``, ``eof_received``,
``connection_lost`` and ``process_event`` in ``websockets/asyncio/connection.py``, mend
``PacedConnection``, run tests/integration/test_link.py, and only then move the pin.
"""

import asyncio
import inspect
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version
from typing_extensions import override
from websockets.asyncio.client import ClientConnection, connect
from websockets.client import ClientProtocol
from websockets.exceptions import ConnectionClosed
from websockets.frames import DATA_OPCODES, Frame, Opcode
from websockets.protocol import Event, State
from websockets.uri import parse_uri

from tests.unit.link.no_socket import NoSocket
from tftmonitor.link.paced_connection import PacedConnection

ROOT = Path(__file__).resolve().parents[3]
LOOK = "see the docstring of tests/unit/link/test_websockets_hooks.py"


def pin() -> Requirement:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    (requirement,) = (
        requirement
        for requirement in map(Requirement, project["dependencies"])
        if requirement.name == "websockets"
    )
    return requirement


def test_installed_version_is_the_major_one_that_was_tried() -> None:
    assert pin().specifier.contains(version("websockets")), LOOK


def test_pin_leaves_one_major_version() -> None:
    majors = {major for major in range(10, 40) if pin().specifier.contains(f"{major}.0")}
    assert majors == {Version(version("websockets")).major}


def test_locked_version_lies_in_the_pin() -> None:
    locked = [
        Requirement(line.removesuffix("\\").strip())
        for line in (ROOT / "requirements.lock").read_text("utf-8").splitlines()
        if line.startswith("websockets==")
    ]
    assert len(locked) == 1
    (exact,) = locked[0].specifier
    assert pin().specifier.contains(exact.version)


@pytest.mark.parametrize(
    ("method", "parameters"),
    [
        ("data_received", ["self", "data"]),
        ("eof_received", ["self"]),
        ("connection_lost", ["self", "exc"]),
        ("process_event", ["self", "event"]),
        ("pause_writing", ["self"]),
        ("resume_writing", ["self"]),
    ],
)
def test_method_that_is_overridden_exists_and_takes_the_same(
    method: str, parameters: list[str]
) -> None:
    original = getattr(ClientConnection, method, None)
    assert original is not None, LOOK
    assert list(inspect.signature(original).parameters) == parameters, LOOK
    assert method in vars(PacedConnection)


def test_what_follows_a_redirect_can_be_overridden() -> None:
    assert list(inspect.signature(connect.process_redirect).parameters) == ["self", "exc"], LOOK
    # Called with what the handshake raised, and an exception that it returns is raised.
    assert "self.process_redirect(exc)" in inspect.getsource(connect.connect), LOOK


def test_reason_that_is_set_becomes_the_cause_of_the_end() -> None:
    async def main() -> BaseException | None:
        connection = connected()
        reason = KeyError("ours")
        connection.set_connection_exc(reason)
        connection.connection_lost(None)
        with pytest.raises(ConnectionClosed) as raised:
            await connection.recv()
        return raised.value.__cause__

    assert isinstance(asyncio.run(main()), KeyError), LOOK


def test_connection_class_can_be_given_to_connect() -> None:
    assert "create_connection" in inspect.signature(connect.__init__).parameters, LOOK


class Spy(ClientConnection):
    """The library's own connection; notes what its ``data_received`` makes of the bytes."""

    events: list[Event]

    @override
    def process_event(self, event: Event) -> None:
        self.events.append(event)


def connected() -> Spy:
    connection = Spy(ClientProtocol(parse_uri("ws://host"), state=State.OPEN))
    connection.events = []
    connection.connection_made(NoSocket(connection))
    return connection


def test_library_hands_each_frame_to_process_event_within_data_received() -> None:
    async def main() -> list[Event]:
        connection = connected()
        for frame in (Frame(Opcode.TEXT, b"a", fin=False), Frame(Opcode.CONT, b"b")):
            connection.data_received(frame.serialize(mask=False))
        return connection.events

    frames = [event for event in asyncio.run(main()) if isinstance(event, Frame)]
    got = [(frame.opcode, bytes(frame.data), frame.fin) for frame in frames]
    assert got == [(Opcode.TEXT, b"a", False), (Opcode.CONT, b"b", True)], LOOK
    assert {Opcode.TEXT, Opcode.CONT} <= set(DATA_OPCODES), LOOK


def test_library_that_gives_up_is_open_no_more_and_after_the_end_takes_nothing() -> None:
    async def main() -> list[State]:
        connection = connected()
        states = [connection.protocol.state]
        connection.data_received(b"\xff\xff")
        states.append(connection.protocol.state)
        connection.eof_received()
        states.append(connection.protocol.state)
        with pytest.raises(EOFError):
            connection.data_received(b"x")
        return states

    assert asyncio.run(main()) == [State.OPEN, State.CLOSING, State.CLOSED], LOOK


def test_library_says_when_asked_for_a_message_why_the_connection_is_lost() -> None:
    async def main() -> None:
        connection = connected()
        assert connection.loop is asyncio.get_running_loop(), LOOK
        connection.connection_lost(None)
        with pytest.raises(ConnectionClosed):
            await connection.recv()

    asyncio.run(main())
