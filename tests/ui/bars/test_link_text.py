"""A lost channel says since when, for how long and why, also while it is tried again."""

from datetime import UTC

import pytest

from tftmonitor.base.clock import SECOND_MS
from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.link_status import LinkState, LinkStatus
from tftmonitor.ui.bars.link_text import link_sentence, link_text

SINCE = 1_795_000_000_000
NOW = SINCE + 12 * SECOND_MS


@pytest.mark.parametrize(
    ("state", "next_try_ms", "then"),
    [
        (LinkState.WAITING, NOW + 3 * SECOND_MS, "Next try in 3 s."),
        (LinkState.CONNECTING, None, "Trying again now."),
    ],
)
def test_sentence_of_a_lost_channel_has_its_age(
    state: LinkState, next_try_ms: int | None, then: str
) -> None:
    status = LinkStatus(Channel.DEVICES, state, SINCE, "connection broke", next_try_ms)
    said = link_sentence(status, NOW, UTC)
    assert said == f"link lost since 11:06:40 (12 s): connection broke. {then}"


def test_what_to_do_stands_behind_the_next_try() -> None:
    status = LinkStatus(
        Channel.DEVICES, LinkState.WAITING, SINCE, "no network", NOW, advice="Check the cable."
    )
    assert link_sentence(status, NOW, UTC).endswith("no network. Next try in 0 s. Check the cable.")


def test_loss_of_the_past_is_not_tried_again() -> None:
    status = LinkStatus(Channel.DEVICES, LinkState.WAITING, SINCE, "no network")
    assert link_sentence(status, NOW, UTC).endswith("(12 s): no network.")


def test_channel_of_a_replay_is_not_called_live() -> None:
    status = LinkStatus(Channel.DEVICES, LinkState.LIVE, SINCE)
    assert link_text(status, NOW - 2 * SECOND_MS, NOW) == "LIVE 2 s"
    assert link_text(status, NOW - 2 * SECOND_MS, NOW, "REPLAY") == "REPLAY 2 s"
