"""What can be shown of a link, whether it is live or of a replay."""

from typing import Protocol

from tftmonitor.link.frame_intake import FrameIntake
from tftmonitor.protocol.link_status import LinkStatus


class ChannelLink(Protocol):
    """One channel of a session, as ``link.reconnect.Link`` has it."""

    status: LinkStatus
    intake: FrameIntake
