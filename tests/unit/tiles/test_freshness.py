import pytest

from tftmonitor.tiles.freshness import NONE_HERE_S, USUAL_S, is_to_be_kept, lifetime_s

NOW_MS = 1_795_000_000_000  # 2026-11-18 11:06:40 UTC
DATE = "Wed, 18 Nov 2026 11:00:00 GMT"
LATER = "Wed, 18 Nov 2026 12:00:00 GMT"
YEAR_S = 365 * 86_400.0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, USUAL_S),
        ({"last-modified": DATE}, USUAL_S),
        ({"cache-control": "public"}, USUAL_S),
        ({"cache-control": "public, max-age=3600"}, 3_600.0),
        ({"cache-control": 'Max-Age="60", max-age=90'}, 60.0),
        ({"cache-control": "max-age=3600", "age": "600"}, 3_000.0),
        ({"cache-control": "max-age=60", "age": "600"}, 0.0),
        ({"cache-control": "max-age=60", "age": "x"}, 60.0),
        ({"cache-control": "max-age=60", "expires": LATER}, 60.0),
        ({"cache-control": "max-age=x"}, 0.0),
        ({"cache-control": "max-age=99999999999999999999"}, YEAR_S),
        ({"cache-control": "no-cache, max-age=60"}, 0.0),
        ({"cache-control": "no-store"}, 0.0),
        ({"expires": LATER, "date": DATE}, 3_600.0),
        # Without the server's own time, ours counts.
        ({"expires": LATER}, 3_200.0),
        ({"expires": DATE}, 0.0),
        ({"expires": "0"}, 0.0),
        ({"expires": "Wed, 18 Nov 2026 12:00:00 -0000", "date": DATE}, 3_600.0),
    ],
)
def test_lifetime(headers: dict[str, str], seconds: float) -> None:
    assert lifetime_s(headers, NOW_MS) == seconds


def test_usual_time_of_what_is_not_there_is_another() -> None:
    assert lifetime_s({}, NOW_MS, NONE_HERE_S) == NONE_HERE_S < USUAL_S
    assert USUAL_S == 7 * 86_400


def test_only_what_may_be_stored_is_kept() -> None:
    assert is_to_be_kept({})
    assert is_to_be_kept({"cache-control": "no-cache, private"})
    assert not is_to_be_kept({"cache-control": "max-age=60, No-Store"})
