"""Where an address leads, and whether the way there is readable."""

import pytest

from tftmonitor.protocol.addresses import (
    destination,
    http_beside,
    http_problem,
    is_readable,
    is_this_computer,
    origin_of,
    place_of,
    problem_with,
)

HERE = [
    *("ws://localhost:8080", "ws://127.0.0.1:1", "ws://127.9.9.9", "ws://[::1]:80/x"),
    *("WS://LocalHost", "wss://localhost"),
]
READABLE = [
    *("ws://192.168.1.5:8443", "ws://example.com", "ws://0.0.0.0:1", "ws://[::]:1", "ws://127.1"),
    *("ws://localhost.example.com", "ws://127.0.0.1.example.com", "ws://localhost@example.com"),
    *("WS://Example.com", "ws://[fe80::1]", "ws://10.0.0.1/127.0.0.1", "ws://0x7f000001"),
]
NONE = [
    *("", "example.com", "ftp://example.com", "https://", "wss://", "wss://:443", "file:///x"),
    *("wss://host:port", "wss://host:99999", "wss://host:0", "ws://[::1", "wss://a b"),
    *("wss://host\n.example", "wss://ho\u200bst", " wss://host"),
]


@pytest.mark.parametrize("url", HERE)
def test_this_computer_needs_no_encryption(url: str) -> None:
    assert is_this_computer(url)
    assert not is_readable(url)
    assert problem_with([url], allow_readable=False) == ""
    assert "stays on this computer" in destination([url])


@pytest.mark.parametrize("url", READABLE)
def test_everything_else_does_unless_it_is_allowed(url: str) -> None:
    assert not is_this_computer(url)
    assert is_readable(url)
    problem = problem_with(["wss://example.com", url], allow_readable=False)
    assert "without encryption" in problem
    assert place_of(url) in problem
    assert problem_with([url], allow_readable=True) == ""
    assert "NOT ENCRYPTED" in destination(["wss://example.com", url])


@pytest.mark.parametrize("url", NONE)
def test_what_is_no_address_is_told_before_anything_is_sent(url: str) -> None:
    assert origin_of(url) == ""
    assert place_of(url) == url
    assert not is_this_computer(url)
    assert not is_readable(url)
    assert "no address of a server" in problem_with([url], allow_readable=True)
    assert "goes nowhere" in destination([url])


def test_encrypted_addresses_are_named_with_host_and_port() -> None:
    urls = ["wss://openapi.tftiot.com:8443/websocket", "wss://openapi.tftiot.com"]
    assert problem_with(urls, allow_readable=False) == ""
    places = "openapi.tftiot.com:8443 and openapi.tftiot.com:443"
    assert destination(urls) == f"The password goes to {places}, encrypted."
    assert destination(["ws://127.0.0.1:5", "ws://localhost:6"]).endswith("(port 5 and 6).")


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("wss://Example.com/a?b#c", "wss://example.com:443"),
        ("ws://user:word@example.com", "ws://example.com:80"),
        ("wss://openapi.tftiot.com@evil.example", "wss://evil.example:443"),
        ("wss://[2001:db8::1]:9/", "wss://[2001:db8::1]:9"),
        ("wss://ex\u0430mple.com", "wss://xn--exmple-4nf.com:443"),
        ("wss://\u0430." + "\u0430" * 70, "wss://" + ascii("\u0430." + "\u0430" * 70) + ":443"),
    ],
)
def test_origin_is_where_it_really_leads(url: str, origin: str) -> None:
    assert origin_of(url) == origin


@pytest.mark.parametrize("url", ["http://example.com", "https://x"])
def test_address_for_names_is_none_of_a_channel(url: str) -> None:
    assert "no address of a server" in problem_with([url], allow_readable=True)
    assert "goes nowhere" in destination([url])


@pytest.mark.parametrize("url", ["https://x", "http://127.0.0.1:5", "http://localhost"])
def test_names_are_asked_for_with_encryption_or_on_this_computer(url: str) -> None:
    assert http_problem(url) == ""
    assert origin_of(url).startswith(url.partition(":")[0])


@pytest.mark.parametrize("url", ["http://x", "http://localhost@example.com", "http://127.1"])
def test_names_are_asked_for_over_no_readable_way(url: str) -> None:
    assert "use https://" in http_problem(url)
    assert "goes nowhere" in destination(["wss://x"], url)


@pytest.mark.parametrize("url", ["", "wss://x", "https://", "https://a b"])
def test_what_is_no_address_for_names_is_told(url: str) -> None:
    assert "no address for names" in http_problem(url)


@pytest.mark.parametrize(
    ("device_url", "url"),
    [
        ("wss://openapi.tftiot.com:8443/websocket", "https://openapi.tftiot.com"),
        ("ws://example.com:8443", "https://example.com"),
        ("ws://127.0.0.1:8443/websocket", "http://127.0.0.1"),
        ("wss://localhost:1", "https://localhost"),
        ("wss://[2001:db8::1]:9/", "https://[2001:db8::1]"),
        ("example.com", ""),
    ],
)
def test_names_are_asked_for_at_the_host_of_the_devices_channel(device_url: str, url: str) -> None:
    assert http_beside(device_url) == url


def test_place_where_names_are_asked_for_is_told_with_the_others() -> None:
    words = destination(["wss://a"], "https://b")
    assert words == "The password goes to a:443 and b:443, encrypted."
