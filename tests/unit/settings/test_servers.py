"""Which of several addresses holds."""

import argparse

from tftmonitor.protocol.channels import DEFAULT_URLS, Channel
from tftmonitor.settings.schema import Settings
from tftmonitor.settings.servers import GivenServers, all_places, decide, decide_http, given_by

DEVICES, MESSAGES = Channel.DEVICES, Channel.MESSAGES
NOTHING = GivenServers()


def test_vendors_hold_where_nothing_else_is_said() -> None:
    assert decide(NOTHING, Settings()) == DEFAULT_URLS


def test_what_was_typed_or_kept_goes_before_the_vendors() -> None:
    urls = decide(NOTHING, Settings(message_url="wss://mine"))
    assert urls == {DEVICES: DEFAULT_URLS[DEVICES], MESSAGES: "wss://mine"}


def test_command_line_goes_before_everything_also_before_empty_fields() -> None:
    given = given_by(argparse.Namespace(device_url="wss://given", message_url=None))
    assert given == GivenServers("wss://given", "")
    assert decide(given, NOTHING)[DEVICES] == "wss://given"
    assert decide(given, Settings(device_url="wss://mine"))[DEVICES] == "wss://given"
    assert decide(given, Settings(message_url="wss://mine"))[MESSAGES] == "wss://mine"


def test_names_are_asked_for_where_it_was_chosen_with_the_servers() -> None:
    chosen = Settings(fetch_names=True, http_url="https://names")
    assert decide_http(NOTHING, chosen) == "https://names"
    assert decide_http(GivenServers("wss://given:1"), chosen) == "https://given"
    assert decide_http(NOTHING, Settings(http_url="https://names")) == "https://openapi.tftiot.com"
    assert decide_http(NOTHING, Settings(device_url="wss://mine:8")) == "https://mine"


def test_credential_is_bound_to_where_names_are_asked_for_if_they_are() -> None:
    assert all_places(NOTHING, Settings()) == [*DEFAULT_URLS.values()]
    wanted = Settings(fetch_names=True)
    assert all_places(NOTHING, wanted) == [*DEFAULT_URLS.values(), "https://openapi.tftiot.com"]
