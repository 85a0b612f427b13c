"""Why a request over HTTP failed, as a part of a sentence, in the words of the links."""

import ssl
from collections.abc import Mapping

import aiohttp

from tftmonitor.link.attempt import Attempt
from tftmonitor.link.error_text import explain
from tftmonitor.link.http_text import explain_proxy_status
from tftmonitor.link.proxies import place_of
from tftmonitor.link.tls import CaFileError
from tftmonitor.link.tls_text import explain_tls


def reason_of(error: BaseException, url: str, proxy: str | None) -> str:
    """Why ``error`` ended the request to ``url``; holds no address and no text of the library.

    Those would name the whole address, which has the token in it.
    """
    attempt = Attempt(url, proxy, is_resolved=True)
    if isinstance(error, TimeoutError):
        return "the server did not answer in time"
    if isinstance(error, CaFileError):
        return explain(error).reason
    if isinstance(error, aiohttp.ClientHttpProxyError):
        place = place_of(proxy or "")
        return explain_proxy_status(place, error.status, _plain(error.headers)).reason
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        inner = error.certificate_error
        return explain_tls(inner).reason if isinstance(inner, ssl.SSLError) else "TLS failed"
    if isinstance(error, aiohttp.ClientConnectorError):
        return explain(error.os_error, attempt).reason
    if isinstance(error, aiohttp.InvalidURL | ValueError):
        return "the address, or the proxy's, cannot be used"
    if isinstance(error, aiohttp.ClientResponseError):
        return "what answers does not speak HTTP"
    return "the connection was cut off"


def _plain(headers: Mapping[str, str] | None) -> Mapping[str, str]:
    return {name.title(): value for name, value in (headers or {}).items()}
