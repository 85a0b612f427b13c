"""The vendor's HTTP interface as far as it is known: the login and the list of devices.

What is not documented is made up in the way that others see it; ``fault`` is what goes wrong.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, Final

import msgspec
from aiohttp import web

from tftmonitor.protocol.channels import Credential
from tftmonitor.protocol.device_list import LIST_PATH, LOGIN_PATH, TOKEN_PARAMETER

KEEP_TIME_S: Final = 1_800

_REFUSAL = {"code": 1001, "msg": "account or password is wrong"}
_SHUTDOWN_S = 0.5
_HUGE_PART = b" " * 65_536
_SLOW_PAUSE_S = 0.5


class HttpInterface:
    """Serves both requests on one port; ``devices`` gives the list as it is at that time.

    ``users`` maps user to clear password, None takes any.
    """

    def __init__(
        self,
        host: str,
        port: int,
        users: dict[str, str] | None,
        devices: Callable[[], Iterator[dict[str, Any]]],
    ) -> None:
        self.fault = ""
        self.asked: list[str] = []
        self._host = host
        self._port = port
        self._users = users
        self._devices = devices
        self._tokens: set[str] = set()
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Where clients ask, once open."""
        return f"http://{self._host}:{self._port}"

    async def open(self) -> None:
        """Listen; a port of 0 becomes the free one that was found."""
        app = web.Application()
        app.router.add_post(LOGIN_PATH, self._log_in)
        app.router.add_get(LIST_PATH, self._list)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN_S)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()
        self._port = self._runner.addresses[0][1]

    async def close(self) -> None:
        """End every request and the port."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    async def _log_in(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(f"{request.method} {request.path}")
        try:
            asked = msgspec.json.decode(await request.read())["getAccessToken"]
            user, digest = asked["account"], asked["password-md5"]
        except (msgspec.DecodeError, KeyError, TypeError):
            return _json({"code": 1, "msg": "getAccessToken is missing"})
        if self.fault == "refuse" or not self._is_known(user, digest):
            return _json(_REFUSAL)
        token = secrets.token_hex(16)
        self._tokens.add(token)
        return _json({"code": 0, TOKEN_PARAMETER: token, "keep-time": KEEP_TIME_S})

    async def _list(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(f"{request.method} {request.path}")
        if request.query.get(TOKEN_PARAMETER) not in self._tokens:
            return _json({"code": 1002, "msg": "access-token is not valid"})
        if self.fault == "redirect":
            raise web.HTTPFound("https://portal.example/login")
        if self.fault == "500":
            raise web.HTTPInternalServerError(text="error")
        if self.fault in {"slow", "huge"}:
            return await _stream(request, _endless(_SLOW_PAUSE_S if self.fault == "slow" else 0))
        if self.fault == "text":
            return web.Response(text="<title>Sign in to this network</title>")
        if self.fault == "shape":
            return _json({"code": 0, "devices": {"total": 3}})
        return _json({"code": 0, "devices": [*self._devices()]})

    def _is_known(self, user: object, digest: object) -> bool:
        if self._users is None:
            return True
        password = self._users.get(str(user))
        if password is None:
            return False
        expected = Credential.from_password(str(user), password).password_md5
        return secrets.compare_digest(expected, str(digest))


def _json(content: dict[str, Any]) -> web.Response:
    return web.Response(body=msgspec.json.encode(content), content_type="application/json")


async def _endless(pause_s: float) -> AsyncIterator[bytes]:
    """A list that does not end."""
    yield b'{"code":0,"devices":['
    while True:
        await asyncio.sleep(pause_s)
        yield b" " if pause_s else _HUGE_PART


async def _stream(request: web.Request, parts: AsyncIterator[bytes]) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    async for part in parts:
        await response.write(part)
    return response
