import pytest

from tftmonitor.protocol.channels import Channel
from tftmonitor.simulator.server.bursts import BURSTS
from tftmonitor.simulator.server.faults import Fault, FaultKind, parse_fault, parse_script
from tftmonitor.simulator.server.listener_faults import LISTENER_FAULTS

RUNNER_FAULTS = {FaultKind.GARBAGE, FaultKind.FLOOD, FaultKind.ALARM_PAIR, FaultKind.HTTP}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("drop@10/devices", Fault(FaultKind.DROP, 10, None, Channel.DEVICES)),
        ("down@10+5/messages", Fault(FaultKind.DOWN, 10, 5, Channel.MESSAGES)),
        ("down@1", Fault(FaultKind.DOWN, 1, 5)),
        ("stall@10+30", Fault(FaultKind.STALL, 10, 30)),
        ("stall", Fault(FaultKind.STALL)),
        ("garbage@5:only=huge", Fault(FaultKind.GARBAGE, 5, options={"only": "huge"})),
        ("flood@0.5+2", Fault(FaultKind.FLOOD, 0.5, 2)),
        ("refuse:words=go away", Fault(FaultKind.REFUSE, options={"words": "go away"})),
        ("late@10:n=50", Fault(FaultKind.LATE, 10, options={"n": "50"})),
        ("http@5+10:how=slow", Fault(FaultKind.HTTP, 5, 10, options={"how": "slow"})),
        (" alarms:n=9,every=60 ", Fault(FaultKind.ALARMS, options={"n": "9", "every": "60"})),
    ],
)  # fmt: skip
def test_fault_text_says_what_when_how_long_and_where(text: str, fault: Fault) -> None:
    assert parse_fault(text) == fault


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is not KIND"),
        ("drop 10", "is not KIND"),
        ("drop@-1", "is not KIND"),
        ("explode@3", "'explode' is none of drop, down"),
        ("drop/left", "'left' is none of devices, messages"),
        ("late:m=5", "no option 'm', there are every, n"),
        ("late:n=many", "'many' does not fit n"),
        ("late:n", "'' does not fit n"),
        ("http:how=well", "'well' does not fit how"),
        ("drop:n=5", "no option 'n', there are every"),
    ],
)
def test_wrong_fault_text_is_refused_in_text(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_fault(text)


def test_script_has_one_fault_a_line_and_comments() -> None:
    script = ["# a storm", "", "alarms@1", "  drop@2  "]
    assert [fault.kind for fault in parse_script(script)] == [FaultKind.ALARMS, FaultKind.DROP]


def test_every_kind_is_performed_by_exactly_one_place() -> None:
    places = [set(BURSTS), set(LISTENER_FAULTS), RUNNER_FAULTS]
    assert set().union(*places) == set(FaultKind)
    assert sum(len(place) for place in places) == len(FaultKind)
