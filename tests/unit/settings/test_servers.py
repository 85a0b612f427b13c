"""Which of several addresses holds."""

import argparse

from tftmonitor.protocol.channels import DEFAULT_URLS, Channel
from tftmonitor.settings.schema import Settings
from tftmonitor.settings.servers import GivenServers, decide, given_by

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
