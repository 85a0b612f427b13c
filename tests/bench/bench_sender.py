"""The lean server: pre-encoded frames on plain blocking sockets, told by lines of JSON.

The simulator makes some 20,000 frames a second, which would be the limit of what is measured.
Started by ``bench_process.Sender``; it knows its clients by the user who signs in.
"""

import base64
import hashlib
import json
import re
import socket
import sys
import threading
import time
from collections.abc import Iterable
from typing import Any

import msgspec

from tests.bench.bench_frames import FrameBuffer, alarm_frames, dated, frame
from tftmonitor.protocol.channels import Channel
from tftmonitor.simulator.fleet.world import World
from tftmonitor.simulator.outgoing import Push

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_CHUNK = 500
_TICK_S = 0.001
_PONG, _CLOSE, _PING = 0xA, 0x8, 0x9


class Client:
    """One signed-in socket; a thread answers its pings."""

    def __init__(self, server: "Server", sock: socket.socket) -> None:
        self.sock = sock
        self.lock = threading.Lock()
        self._server = server
        self._rest = b""
        threading.Thread(target=self._serve, daemon=True).start()

    def send(self, data: bytes | memoryview) -> None:
        with self.lock:
            self.sock.sendall(data)

    def _serve(self) -> None:
        try:
            self._shake_hands()
            while True:
                opcode, payload = self._frame()
                if opcode == _PING:
                    self.send(bytes([0x80 | _PONG, len(payload)]) + payload)
                elif opcode == _CLOSE:
                    self.send(bytes([0x80 | _CLOSE, len(payload)]) + payload)
                    return
                elif b"md5-password" in payload:
                    signed_in = json.loads(payload)
                    name = signed_in.get("token") or signed_in["user_id"] + "/messages"
                    self._server.clients[name] = self
        except OSError:
            return
        finally:
            self.sock.close()

    def _shake_hands(self) -> None:
        while b"\r\n\r\n" not in self._rest:
            self._more()
        head, _, self._rest = self._rest.partition(b"\r\n\r\n")
        found = re.search(rb"(?i)sec-websocket-key: *(\S+)", head)
        assert found
        accept = base64.b64encode(hashlib.sha1(found[1] + _GUID).digest())
        self.sock.sendall(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
        )

    def _frame(self) -> tuple[int, bytes]:
        """One masked frame of a client, all of which are short."""
        head = self._exactly(2)
        size = head[1] & 0x7F
        if size == 126:
            size = int.from_bytes(self._exactly(2), "big")
        mask = self._exactly(4)
        payload = self._exactly(size)
        return head[0] & 0xF, bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))

    def _exactly(self, size: int) -> bytes:
        while len(self._rest) < size:
            self._more()
        found, self._rest = self._rest[:size], self._rest[size:]
        return found

    def _more(self) -> None:
        data = self.sock.recv(65_536)
        if not data:
            raise OSError("closed")
        self._rest += data


class Server:
    """One port for both channels; commands are methods."""

    def __init__(self, devices: int) -> None:
        self.clients: dict[str, Client] = {}
        self._frames = FrameBuffer(devices)
        self._alarms = alarm_frames(min(devices, 10_000))
        self._next_alarm = 0
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def _accept(self) -> None:
        while True:
            sock, _ = self._listener.accept()
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            Client(self, sock)

    def wait(self, name: str) -> dict[str, Any]:
        """Return once this user is signed in."""
        while name not in self.clients:
            time.sleep(0.01)
        return {}

    def flood(self, name: str, count: int, alarms_per_s: float = 0, back_ms: int = 0) -> Any:
        """So many frames as fast as the socket takes them; ``back_ms`` dates them back."""
        client, sent, alarms = self.clients[name], 0, 0
        start_s = time.monotonic()
        while sent < count:
            date_ms = time.time_ns() // 1_000_000 - back_ms
            chunk = self._frames.take(min(_CHUNK, count - sent), date_ms)
            sent += self._frames.count_of(chunk)
            client.send(chunk)
            if alarms_per_s:
                while alarms < (time.monotonic() - start_s) * alarms_per_s:
                    self._send_alarm(client)
                    alarms += 1
        return {"start_s": start_s, "end_s": time.monotonic(), "sent": sent, "alarms": alarms}

    def pace(self, name: str, per_s: float, seconds: float) -> Any:
        """Evenly, a tick of a millisecond at most; how late the sender itself was."""
        client, sent = self.clients[name], 0
        start_s = now_s = time.monotonic()
        while now_s - start_s < seconds:
            due = int((now_s - start_s) * per_s) + 1
            while sent < due:
                chunk = self._frames.take(due - sent)
                sent += self._frames.count_of(chunk)
                client.send(chunk)
            time.sleep(max(0.0, min(_TICK_S, start_s + sent / per_s - time.monotonic())))
            now_s = time.monotonic()
        return {"start_s": start_s, "end_s": now_s, "sent": sent}

    def hours(self, name: str, samples: int, step_s: float) -> Any:
        """Each device so many times, ``step_s`` apart by its own clock, ending now."""
        client, sent = self.clients[name], 0
        now_ms = time.time_ns() // 1_000_000
        self._frames.rewind()
        for sample in range(samples):
            date_ms = now_ms - round((samples - sample) * step_s * 1000)
            passed = 0
            while passed < self._frames.devices:
                chunk = self._frames.take(_CHUNK, date_ms)
                passed += self._frames.count_of(chunk)
                client.send(chunk)
            sent += passed
        return {"sent": sent}

    def world(self, devices: int, hours: float) -> Any:
        """A fleet that began so many hours ago; ``live`` lets it go on."""
        self._began_ms = time.time_ns() // 1_000_000 - round(hours * 3_600_000)
        self._hours = hours
        self._world = World(devices, 1, self._began_ms)
        self._first = True
        return {"devices": devices}

    def live(self, name: str, until: float) -> Any:
        """What the fleet reports up to a share of its hours, on the channels it does."""
        end_ms = self._began_ms + round(until * self._hours * 3_600_000)
        counts = {"sent": 0, "alarms": 0}
        if self._first:
            self._first = False
            self._push(name, self._world.initial(), counts)
        while pushes := self._world.step(end_ms, _CHUNK):
            self._push(name, pushes, counts)
        return counts

    def _push(self, name: str, pushes: Iterable[Push], counts: dict[str, int]) -> None:
        texts: dict[Channel, list[bytes]] = {channel: [] for channel in Channel}
        for channel, content in pushes:
            texts[channel].append(frame(msgspec.json.encode(content)))
            status = content["data"].get("status") if channel is Channel.DEVICES else None
            counts["alarms"] += bool(isinstance(status, dict) and status.get("cur_event"))
        for channel, names in ((Channel.DEVICES, name), (Channel.MESSAGES, f"{name}/messages")):
            counts["sent"] += len(texts[channel])
            if texts[channel]:
                self.clients[names].send(b"".join(texts[channel]))

    def text(self, name: str, payload: str) -> Any:
        """One frame."""
        self.clients[name].send(frame(payload.encode()))
        return {}

    def _send_alarm(self, client: Client) -> None:
        text = self._alarms[self._next_alarm % len(self._alarms)]
        self._next_alarm += 1
        client.send(dated(text, time.time_ns() // 1_000_000))


def main() -> None:
    server = Server(int(sys.argv[1]))
    print(json.dumps({"port": server.port}), flush=True)
    for line in sys.stdin:
        command = json.loads(line)
        answer = getattr(server, command.pop("do"))(**command)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
