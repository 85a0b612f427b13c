import pytest

from tftmonitor.model.coverage import BlindInterval, Blindness, Coverage, not_ours


def test_scope_is_blind_from_begin_to_end() -> None:
    coverage = Coverage()
    noted: list[BlindInterval] = []
    coverage.noted.add(noted.append)
    coverage.begin("devices", Blindness.LINK, 100, "no network")
    coverage.begin("devices", Blindness.LINK, 150, "again")
    assert coverage.is_blind("devices")
    assert not coverage.is_blind("messages")
    assert coverage.end("devices", 200) == BlindInterval(
        "devices", Blindness.LINK, 100, 200, "no network"
    )
    assert not coverage.is_blind("devices")
    assert [interval.end_ms for interval in noted] == [None, 200]
    assert coverage.end("devices", 300) is None


def test_clock_that_went_back_makes_no_negative_interval() -> None:
    coverage = Coverage()
    coverage.begin("devices", Blindness.SUSPENDED, 100)
    ended = coverage.end("devices", 50)
    assert ended is not None
    assert ended.end_ms == 100


def test_stretch_known_only_afterwards_is_kept_if_it_has_a_length() -> None:
    coverage = Coverage()
    coverage.add("100", Blindness.DEVICE, 100, 100)
    coverage.add("100", Blindness.DEVICE, 100, 200)
    assert [i.start_ms for i in coverage.between(("100",), 0, 1_000)] == [100]


def test_restored_interval_is_not_noted_again() -> None:
    coverage = Coverage()
    noted: list[BlindInterval] = []
    coverage.noted.add(noted.append)
    coverage.restore(BlindInterval("devices", Blindness.PROGRAM, 10, 20))
    assert noted == []
    assert len(coverage.between(("devices",), 0, 100)) == 1


def test_intervals_that_touch_a_stretch_are_found_by_start() -> None:
    coverage = Coverage()
    coverage.add("devices", Blindness.LINK, 300, 400)
    coverage.add("100", Blindness.DEVICE, 100, 200)
    coverage.add("200", Blindness.DEVICE, 100, 200)
    coverage.begin("devices", Blindness.LINK, 500)
    scopes = ("devices", "100")
    assert [i.start_ms for i in coverage.between(scopes, 0, 1_000)] == [100, 300, 500]
    assert [i.start_ms for i in coverage.between(scopes, 200, 301)] == [300]
    assert [i.start_ms for i in coverage.between(scopes, 400, 500)] == []


def test_past_intervals_of_a_device_are_bounded() -> None:
    coverage = Coverage()
    for number in range(60):
        coverage.add("100", Blindness.DEVICE, number * 10, number * 10 + 5)
    kept = coverage.between(("100",), 0, 10_000)
    assert len(kept) == 50
    assert kept[0].start_ms == 100


def test_intervals_of_a_former_key_are_of_the_device() -> None:
    coverage = Coverage()
    coverage.add("7", Blindness.DEVICE, 100, 200)
    coverage.add("A", Blindness.DEVICE, 50, 60)
    coverage.begin("7", Blindness.DEVICE, 300)
    coverage.rename("7", "A")
    assert [i.start_ms for i in coverage.between(("A",), 0, 1_000)] == [50, 100, 300]
    assert {i.scope for i in coverage.between(("A",), 0, 1_000)} == {"A"}
    assert coverage.between(("7",), 0, 1_000) == []
    coverage.rename("7", "A")
    assert coverage.is_blind("A")


@pytest.mark.parametrize(
    ("own", "silences"),
    [
        ([], [(110, 300)]),
        # It had no time to fall silent before, nor after.
        ([(120, 290)], []),
        ([(135, 290)], [(110, 135)]),
        ([(120, 200)], [(210, 300)]),
        ([(140, 160), (170, 260)], [(110, 140), (270, 300)]),
        ([(50, 105)], [(115, 300)]),
        ([(140, None)], [(110, 140)]),
    ],
)
def test_silence_in_which_we_were_blind_is_not_the_devices(
    own: list[tuple[int, int | None]], silences: list[tuple[int, int]]
) -> None:
    blind = [BlindInterval("devices", Blindness.LINK, *interval) for interval in own]
    assert not_ours((110, 300), 10, blind) == silences
