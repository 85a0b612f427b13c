"""One question for names and last reports: login, then the list, at one server and nowhere else.

HTTPS alone, plain only to this computer; verified as the links are; no redirect is followed, no
cookie kept, nothing unpacked, and no proxy taken but the one that the links would take.
"""

import asyncio
from http import HTTPStatus
from types import TracebackType
from typing import Self

import aiohttp

from tftmonitor.base.redaction import Redaction
from tftmonitor.link.http import limits
from tftmonitor.link.http.error_text import reason_of
from tftmonitor.link.http.host_resolver import HostResolver
from tftmonitor.link.http_text import explain_status
from tftmonitor.link.network import Network
from tftmonitor.link.proxies import proxy_for
from tftmonitor.link.tls import CaFileError, tls_context
from tftmonitor.protocol.addresses import http_problem
from tftmonitor.protocol.channels import Credential
from tftmonitor.protocol.device_list import (
    LIST_PATH,
    LOGIN_PATH,
    TOKEN_PARAMETER,
    AnswerError,
    DeviceList,
    login_body,
    read_list,
    read_token,
    refusal_of_body,
)

_CHUNK = 65_536
# An answer that is packed could unpack to any size; none is asked for.
_HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "tftmonitor"}
_OK_CLASS = 2


class FetchError(Exception):
    """Nothing could be fetched; its text is a part of a sentence, plain and without secrets."""


async def fetch_device_list(url: str, credential: Credential, network: Network) -> DeviceList:
    """The devices of the account that the server at ``url`` has; raises FetchError alone."""
    if problem := http_problem(url):
        raise FetchError(problem.rstrip("."))
    # The account's own link has one too, but may end before the last of this does.
    of_credential = Redaction(credential.password_md5)
    proxy = proxy_for(url, network.proxy)
    if proxy is not None and proxy.startswith("socks"):
        raise FetchError("a SOCKS proxy is not used for it")
    try:
        async with asyncio.timeout(limits.TIME_S), _Questions(url, proxy, network) as questions:
            return await questions.ask(credential)
    except AnswerError as error:
        raise FetchError(of_credential.text(str(error))) from None
    except (aiohttp.ClientError, CaFileError, OSError, ValueError) as error:
        raise FetchError(reason_of(error, url, proxy)) from None


class _Questions:
    """A session of one login and one list."""

    def __init__(self, url: str, proxy: str | None, network: Network) -> None:
        self._url = url.rstrip("/")
        self._proxy = proxy
        connector = aiohttp.TCPConnector(
            resolver=HostResolver(), ssl=tls_context(network.ca_file), limit=1
        )
        self._http = aiohttp.ClientSession(
            connector=connector,
            headers=_HEADERS,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None),  # the whole question has one
            auto_decompress=False,
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._http.close()

    async def ask(self, credential: Credential) -> DeviceList:
        """Sign in and ask for the list."""
        body = login_body(credential)
        token = read_token(await self._request("POST", LOGIN_PATH, limits.LOGIN_BYTES, body=body))
        # Separators are no part of what is looked for. Held while the answer is worded.
        of_token = Redaction("".join(filter(str.isalnum, token)))
        try:
            return read_list(
                await self._request("GET", LIST_PATH, limits.LIST_BYTES, {TOKEN_PARAMETER: token})
            )
        except AnswerError as error:
            raise AnswerError(of_token.text(str(error))) from None

    async def _request(
        self,
        method: str,
        path: str,
        most_bytes: int,
        parameters: dict[str, str] | None = None,
        body: bytes | None = None,
    ) -> bytes:
        async with self._http.request(
            method,
            self._url + path,
            params=parameters,
            data=body,
            headers={"Content-Type": "application/json"} if body else None,
            allow_redirects=False,
            proxy=self._proxy,
        ) as response:
            if response.status // 100 != _OK_CLASS:
                raise AnswerError(await self._status_text(response))
            packed = response.headers.get("Content-Encoding", "identity").lower()
            if packed != "identity":
                raise AnswerError("the answer is packed, which was not asked for")
            return await _read(response, most_bytes)

    async def _status_text(self, response: aiohttp.ClientResponse) -> str:
        """What the status means; a refusal in the server's own words says more."""
        if response.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            words = refusal_of_body(await _read(response, limits.LOGIN_BYTES))
            if words:
                return words
        headers = {name.title(): value for name, value in response.headers.items()}
        return explain_status(self._url, response.status, headers).reason


async def _read(response: aiohttp.ClientResponse, most_bytes: int) -> bytes:
    """The body; AnswerError as soon as it is larger."""
    too_large = f"the answer is larger than {most_bytes // 1024:,} kB"
    if (response.content_length or 0) > most_bytes:
        raise AnswerError(too_large)
    body = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        body += chunk
        if len(body) > most_bytes:
            raise AnswerError(too_large)
    return bytes(body)
