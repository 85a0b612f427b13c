from tftmonitor.protocol.channels import Channel
from tftmonitor.protocol.link_status import LinkState, LinkStatus


def test_link_is_up_only_while_pushes_can_arrive() -> None:
    up = {state for state in LinkState if LinkStatus(Channel.DEVICES, state).is_up}
    assert up == {LinkState.LIVE, LinkState.QUIET}


def test_link_is_off_before_any_sign_in() -> None:
    status = LinkStatus(Channel.MESSAGES)
    assert (status.state, status.reason, status.next_try_ms) == (LinkState.OFF, "", None)
