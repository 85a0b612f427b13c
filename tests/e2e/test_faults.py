"""Faults of server and network against the real window: what it knows, and what it paints."""

import re

import pytest

from tests.e2e.desktop import missing_programs
from tests.e2e.fault_run import RUNS, Run

pytestmark = [
    pytest.mark.skipif(
        bool(missing_programs()), reason=f"not installed: {', '.join(missing_programs())}"
    ),
]

# A hatched list has thousands of such pixels.
_HATCHED = 2_000
_FRESH_S = 10

Folders = pytest.TempPathFactory


@pytest.fixture(scope="module")
def links(request: pytest.FixtureRequest, tmp_path_factory: Folders) -> Run:
    return RUNS.result(request, tmp_path_factory)


@pytest.fixture(scope="module")
def alarms(request: pytest.FixtureRequest, tmp_path_factory: Folders) -> Run:
    return RUNS.result(request, tmp_path_factory)


@pytest.fixture(scope="module")
def refused(request: pytest.FixtureRequest, tmp_path_factory: Folders) -> Run:
    return RUNS.result(request, tmp_path_factory)


@pytest.fixture(scope="module")
def survival(request: pytest.FixtureRequest, tmp_path_factory: Folders) -> Run:
    return RUNS.result(request, tmp_path_factory)


def seconds(text: str) -> int:
    """The age at the end of a text, such as "LOST 2 s"."""
    found = re.search(r"(\d+) s$", text)
    assert found is not None, text
    return int(found[1])


def test_well_links_hatch_nothing(links: Run) -> None:
    before = links["before"]
    assert before["devices"].startswith("Devices LIVE")
    assert before["messages"].startswith("Messages LIVE")
    assert before["strip"] == []
    assert (before["list_hatch"], before["plot_hatch"]) == (0, 0)


def test_lost_devices_channel_says_since_when_why_and_when_next(links: Run) -> None:
    down = links["one down"]
    assert re.fullmatch(r"Devices LOST \d+ s", down["devices"])
    assert down["messages"].startswith("Messages LIVE")
    sentence, button = down["strip"]
    assert re.fullmatch(
        r"Devices: link lost since \d\d:\d\d:\d\d \(\d+ s\): "
        r"(connection broke\. Next|connection refused\. Next|.*Trying again now).*",
        sentence,
    )
    assert button == "Try now"


def test_lost_devices_channel_hatches_list_and_plots_and_ages_run_on(links: Run) -> None:
    down, later = links["one down"], links["one down later"]
    assert down["list_hatch"] > _HATCHED
    assert down["plot_hatch"] > 0
    assert seconds(later["devices"]) > seconds(down["devices"])
    assert all(seconds(b) > seconds(a) for a, b in zip(down["ages"], later["ages"], strict=True))


def test_returned_channel_is_live_and_its_gap_stays_hatched_in_the_plots(links: Run) -> None:
    back = links["one back"]
    assert back["devices"].startswith("Devices LIVE")
    assert (back["strip"], back["list_hatch"]) == ([], 0)
    assert back["plot_hatch"] > 0
    assert re.match(r"Devices back after \d+ s: 6 devices", back["note"])
    ((scope, cause, start_ms, end_ms, _reason),) = back["blind"]
    assert (scope, cause) == ("devices", "link down")
    assert 3_000 < end_ms - start_ms < 15_000


def test_blind_intervals_are_on_disk(links: Run) -> None:
    rows = links.rows("SELECT scope, end_ms - start_ms, reason FROM blind WHERE cause='link down'")
    assert len([row for row in rows if row[0] == "devices"]) >= 4
    assert len([row for row in rows if row[0] == "messages"]) >= 3
    assert all(lasted > 0 for _scope, lasted, _reason in rows)
    assert "silent: no answer to keep-alive" in {reason for _scope, _lasted, reason in rows}


def test_lost_messages_channel_leaves_the_list_unhatched(links: Run) -> None:
    down, back = links["other down"], links["other back"]
    assert re.fullmatch(r"Messages LOST \d+ s", down["messages"])
    assert down["devices"].startswith("Devices LIVE")
    assert down["strip"][0].startswith("Messages: link lost since")
    assert down["list_hatch"] == 0
    assert back["messages"].startswith("Messages LIVE")
    assert re.match(r"Messages back after \d+ s: .*1 message", back["note"])


def test_restarting_server_is_told_of_both_channels(links: Run) -> None:
    down = links["both down"]
    assert down["devices"].startswith("Devices LOST")
    assert down["messages"].startswith("Messages LOST")
    # Lost for one reason, they share one sentence.
    assert [text.partition(":")[0] for text in down["strip"]] == [
        "Devices and messages",
        "Try now",
    ]
    assert all("closed by the server" in reason for reason in down["reasons"])
    assert down["list_hatch"] > _HATCHED


def test_try_now_does_not_wait_for_the_next_try(links: Run) -> None:
    tried = links["tried now"]
    assert tried["took_s"] < tried["left_s"]
    assert tried["devices"].startswith("Devices LIVE")


def test_return_of_both_says_what_arrived_meanwhile(links: Run) -> None:
    note = links["tried now"]["note"]
    assert re.match(r"Devices and messages back after \d+ s: 6 devices, .*since the loss\.", note)


def test_dropped_sockets_come_back_by_themselves(links: Run) -> None:
    assert links["dropped"]["states"] == ["WAITING", "WAITING"]
    sentence, button = links["dropped"]["strip"]
    assert (sentence.partition(":")[0], button) == ("Devices and messages", "Try now")
    back = links["back by itself"]
    assert back["strip"] == []
    assert back["devices"].startswith("Devices LIVE")
    assert back["list_hatch"] == 0


def test_half_open_socket_is_noticed_and_called_silent(links: Run) -> None:
    silent = links["silent"]
    # A ping each second, an answer within a second, and 2 s for the goodbye.
    assert 1.0 <= silent["noticed_s"] < 12.0
    assert "silent: no answer to keep-alive" in silent["strip"][0]
    assert silent["devices"].startswith("Devices LOST")
    assert links["heard again"]["devices"].startswith("Devices LIVE")


def test_channel_that_is_tried_again_is_still_lost(links: Run) -> None:
    trying = links["trying"]
    assert trying["states"][0] == "CONNECTING"
    assert trying["devices"].startswith("Devices LOST")
    assert "Trying again now" in trying["strip"][0]
    assert trying["list_hatch"] > _HATCHED


def test_refused_sign_in_shows_the_words_and_keeps_what_was_typed(refused: Run) -> None:
    seen = refused["refused"]
    assert any("the account is locked until Monday" in text for text in seen["sheet"])
    assert (seen["user"], seen["password"]) == ("tester", "secret")
    assert seen["can_sign_in"]
    assert (seen["devices"], seen["messages"]) == ("Devices REFUSED", "Messages REFUSED")


def test_refused_sign_in_is_not_tried_again_by_itself(refused: Run) -> None:
    later = refused["later"]
    assert later["tried"] == []
    assert later["user"] == "tester"
    assert any("the account is locked until Monday" in text for text in later["sheet"])
    assert "Sign in" in later["sheet"]
    assert later["can_sign_in"]
    assert later["strip"] == []  # the sheet says it, once


def test_same_words_sign_in_once_the_server_takes_them(refused: Run) -> None:
    after = refused["signed in"]
    assert (after["sheet"], after["strip"]) == ([], [])
    assert after["devices"].startswith("Devices LIVE")


@pytest.mark.parametrize("year", [2000, 2080])
def test_device_with_a_wrong_clock_is_fresh_and_its_clock_is_named(alarms: Run, year: int) -> None:
    seen = alarms[f"clock {year}"]
    assert "overdue" not in seen["state"]
    assert "silent" not in seen["state"]
    texts = [text.replace("\u00a0", " ") for text in seen["overview"]]
    assert any("device clock not set" in text for text in texts)


def test_device_whose_clock_was_never_set_is_fresh_and_says_so(alarms: Run) -> None:
    seen = alarms["clock never set"]
    assert "clock not set" in seen["fields"]
    # In the tile of the age, or in the line below where the window is too low for it.
    assert any("clock not set" in text.replace("\u00a0", " ") for text in seen["overview"])
    assert seconds(seen["age"]) < _FRESH_S
    assert "overdue" not in seen["state"]
    assert "silent" not in seen["state"]


def test_unknown_number_is_a_warning_with_its_number(alarms: Run) -> None:
    seen = alarms["number"]
    (alarm,) = seen["alarms"]
    assert (alarm["code"], alarm["severity"]) == (105, "WARNING")
    (row,) = seen["rows"]
    assert row[0] == "warning"
    assert row[2].startswith("Alarm 105")
    assert any("Alarm 105" in text for text in seen["banner"])


def test_unknown_number_bears_the_servers_words_where_it_has_some(alarms: Run) -> None:
    seen = alarms["unknown"]
    (alarm,) = seen["alarms"]
    assert (alarm["name"], alarm["code"], alarm["severity"]) == ("Alarm 0x69", 105, "WARNING")
    assert alarm["witnesses"] == ["message", "snapshot"]
    assert "Alarm 0x69" in seen["rows"][0]


def test_alarm_of_both_channels_is_one_with_two_witnesses(alarms: Run) -> None:
    seen = alarms["twins"]
    (alarm,) = [alarm for alarm in seen["alarms"] if alarm["name"] == "SOS"]
    assert (alarm["witnesses"], alarm["count"]) == (["message", "snapshot"], 1)
    (row,) = [row for row in seen["rows"] if "SOS" in row]
    assert "message + snapshot" in row
    assert seen["banner"][0] == "1 CRITICAL"


def test_late_burst_joins_the_series_and_never_the_live_value(alarms: Run) -> None:
    late = alarms["late"]
    assert late["before"] == late["after"]
    assert late["before"]["painted"] == f"{late['before']['speed']:.1f}"
    assert (late["added"], late["marked_late"]) == (60, 60)
    assert late["in_order"]


def test_alarm_of_an_hour_ago_is_marked_late(alarms: Run) -> None:
    late = alarms["late alarm"]
    (alarm,) = late["alarms"]
    assert alarm["late"]
    (row,) = late["rows"]
    assert any(text.startswith("LATE ") for text in row)
    assert "1 h 0 min" in row
    assert late["kept_live"]


def test_flood_is_one_line_and_critical_alarms_stand_singly(alarms: Run) -> None:
    flood = alarms["flood"]
    critical = [alarm for alarm in flood["singles"] if alarm["severity"] == "CRITICAL"]
    assert len(flood["heads"]) == 1
    assert re.fullmatch(r"82 alarms at once on 48 devices", flood["heads"][0])
    assert flood["singles"] == critical
    assert len(critical) == 120
    assert flood["open"] == 120 + flood["in_floods"]
    (line,) = [row for row in flood["at_head"] if "Flood" in row[1]]
    assert "82 alarms at once" in line[2]
    assert "first: Alarm 105" in line[2]
    assert all(row[0] == "critical" for row in flood["top"])
    assert flood["banner"][0] == "120 CRITICAL"
    assert "+201 more" in flood["banner"]


def test_flood_leaves_the_loop_its_turns(alarms: Run) -> None:
    lateness = alarms["flood"]["loop_late_ms"]
    print(f"loop lateness during the flood, ms: {lateness}")
    # A stalled loop has no turns; how late they are is for the benchmarks.
    assert lateness["samples"] > 10


def test_every_alarm_of_a_flood_is_in_the_journal(alarms: Run) -> None:
    ((count,),) = alarms.rows("SELECT count(*) FROM alarms WHERE open")
    assert count == 202
    ((told,),) = alarms.rows("SELECT count(DISTINCT alarm_id) FROM journal WHERE kind='raised'")
    assert told == 202
    # 200 of the flood and the SOS by two channels each, the rest by one or two.
    ((rows,),) = alarms.rows("SELECT count(*) FROM journal WHERE kind='raised'")
    assert rows >= 402


def test_notifications_reach_the_desktop(alarms: Run) -> None:
    assert "Alarm 105" in alarms.notified
    assert "SOS" in alarms.notified


def test_killed_program_loses_no_alarm_and_no_acknowledgement(survival: Run) -> None:
    before, after = survival["before"], survival["restarted"]
    assert survival.codes == [-9, 0]
    assert before["open"] == ["SOS"]
    assert before["acknowledged"] == ["External power disconnected"]
    assert (after["open"], after["acknowledged"]) == (before["open"], before["acknowledged"])
    assert after["banner"][:2] == before["banner"][:2]
    told = {row[2]: row[3] for row in after["rows"]}
    assert told == {"SOS": "active", "External power disconnected": "acknowledged"}


def test_time_without_the_program_is_blind(survival: Run) -> None:
    rows = survival.rows("SELECT scope FROM blind WHERE cause='program not running' AND start_ms>0")
    assert {scope for (scope,) in rows} == {"devices", "messages"}
