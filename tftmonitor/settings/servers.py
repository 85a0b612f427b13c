"""The one place that decides at which addresses to sign in.

What the command line says holds, for each channel; else what was typed in at the sign-in; else
what the profile has from the last one; else the vendor's. The sign-in shows the result before
anything is sent.
"""

from dataclasses import dataclass
from typing import Protocol

from tftmonitor.protocol.addresses import http_beside
from tftmonitor.protocol.channels import DEFAULT_URLS, Channel


class Servers(Protocol):
    """An address for each channel, or "" for none: settings, what was typed, options."""

    @property
    def device_url(self) -> str | None:
        """For the devices channel."""
        ...

    @property
    def message_url(self) -> str | None:
        """For the messages channel."""
        ...


class NameServers(Servers, Protocol):
    """Where names are asked for as well: settings, what was typed."""

    @property
    def fetch_names(self) -> bool:
        """True when names and last reports are wanted."""
        ...

    @property
    def http_url(self) -> str:
        """For names and last reports, "" for the host of the devices channel."""
        ...


@dataclass(frozen=True, slots=True)
class TypedServers:
    """What the sheet holds."""

    device_url: str
    message_url: str
    http_url: str
    fetch_names: bool


@dataclass(frozen=True, slots=True)
class GivenServers:
    """Addresses of the command line; "" where it names none."""

    device_url: str = ""
    message_url: str = ""


def given_by(options: Servers) -> GivenServers:
    """What the options of a command name."""
    return GivenServers(options.device_url or "", options.message_url or "")


def decide_http(given: Servers, chosen: NameServers) -> str:
    """Where names and last reports can be asked for.

    What was chosen belongs to the servers that were chosen with it: where the command line names
    another for the devices, that one's own host is asked. So it is where names are not wanted,
    because nobody has seen then that the credential goes elsewhere.
    """
    if chosen.fetch_names and chosen.http_url and not given.device_url:
        return chosen.http_url
    return http_beside(decide(given, chosen)[Channel.DEVICES])


def all_places(given: Servers, chosen: NameServers) -> list[str]:
    """The addresses that get the credential by themselves."""
    urls = [*decide(given, chosen).values()]
    return [*urls, decide_http(given, chosen)] if chosen.fetch_names else urls


def decide(given: Servers, chosen: Servers) -> dict[Channel, str]:
    """The address of each channel.

    ``given`` is of the command line; ``chosen`` is what the sheet holds, which begins with what
    the profile has, or the profile itself where no sheet is shown.
    """
    return {
        Channel.DEVICES: given.device_url or chosen.device_url or DEFAULT_URLS[Channel.DEVICES],
        Channel.MESSAGES: given.message_url or chosen.message_url or DEFAULT_URLS[Channel.MESSAGES],
    }
