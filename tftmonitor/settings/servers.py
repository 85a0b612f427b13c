"""The one place that decides at which addresses to sign in.

What the command line says holds, for each channel; else what was typed in at the sign-in; else
what the profile has from the last one; else the vendor's. The sign-in shows the result before
anything is sent.
"""

from dataclasses import dataclass
from typing import Protocol

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


@dataclass(frozen=True, slots=True)
class GivenServers:
    """Addresses of the command line; "" where it names none."""

    device_url: str = ""
    message_url: str = ""


def given_by(options: Servers) -> GivenServers:
    """What the options of a command name."""
    return GivenServers(options.device_url or "", options.message_url or "")


def decide(given: Servers, chosen: Servers) -> dict[Channel, str]:
    """The address of each channel.

    ``given`` is of the command line; ``chosen`` is what the sheet holds, which begins with what
    the profile has, or the profile itself where no sheet is shown.
    """
    return {
        Channel.DEVICES: given.device_url or chosen.device_url or DEFAULT_URLS[Channel.DEVICES],
        Channel.MESSAGES: given.message_url or chosen.message_url or DEFAULT_URLS[Channel.MESSAGES],
    }
