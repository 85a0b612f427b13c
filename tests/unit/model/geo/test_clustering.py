"""Clusters against a plain count, on one spot, across cells, and what they say of their points."""

import numpy as np
import pytest

from tftmonitor.model.geo.clustering import ALONE, CELL, LEAST, find_clusters, radii_of


def grouped(points: list[tuple[float, float]], kinds: list[int] | None = None):  # type: ignore[no-untyped-def]
    left, top = np.array(points, np.float64).reshape(-1, 2).T
    codes = np.array(kinds if kinds is not None else [0] * len(points), np.intp)
    return find_clusters(left, top, codes, 3)


def test_a_hundred_on_one_spot_are_one_cluster_with_all_their_kinds() -> None:
    found = grouped([(10.0, 10.0)] * 100, [0] * 90 + [1] * 9 + [2])
    assert found.counts.tolist() == [100]
    assert found.shares.tolist() == [[90, 9, 1]]
    assert (found.left[0], found.top[0]) == (10.0, 10.0)
    assert set(found.of.tolist()) == {0}
    assert found.at(12.0, 12.0) == 0
    assert found.at(60.0, 10.0) == ALONE


def test_two_stay_signs_of_their_own() -> None:
    found = grouped([(10.0, 10.0), (12.0, 10.0), (500.0, 500.0)])
    assert found.counts.size == 0
    assert found.of.tolist() == [ALONE] * 3
    assert found.at(10.0, 10.0) == ALONE


def test_those_that_would_touch_are_one() -> None:
    edge = CELL
    beside = [(edge - 3, 20.0)] * 3 + [(edge + 3, 20.0)] * 3 + [(edge + 3, CELL + 2.0)] * 4
    apart = [(10 * CELL + 32, 20.0)] * 3 + [(11 * CELL + 50, 20.0)] * 3
    found = grouped(beside + apart)
    assert sorted(found.counts.tolist()) == [3, 3, 4, 6]
    # Three in a chain are one as well.
    chain = [(edge - 5, 20.0)] * 3 + [(edge + 5, 20.0)] * 3 + [(edge + 5, 62.0)] * 3
    chained = grouped([*chain, (edge + 5, 66.0), (edge + 5, 66.0), (edge + 5, 66.0)])
    assert chained.counts.tolist() == [12]


def test_every_point_is_in_its_cluster_or_alone() -> None:
    rng = np.random.default_rng(7)
    left, top = rng.uniform(0, 1000, 3000), rng.uniform(0, 700, 3000)
    kinds = rng.integers(0, 3, 3000).astype(np.intp)
    found = find_clusters(left, top, kinds, 3)
    assert found.counts.sum() + (found.of == ALONE).sum() == 3000
    for number in range(0, len(found.counts), 7):
        inside = found.of == number
        assert inside.sum() == found.counts[number] >= LEAST
        assert found.left[number] == pytest.approx(left[inside].mean())
        assert found.top[number] == pytest.approx(top[inside].mean())
        assert found.shares[number].tolist() == np.bincount(kinds[inside], minlength=3).tolist()


def test_cells_are_fixed_to_the_ground() -> None:
    rng = np.random.default_rng(8)
    left, top = rng.uniform(0, 1000, 500), rng.uniform(0, 700, 500)
    kinds = np.zeros(500, np.intp)
    here = find_clusters(left, top, kinds, 1)
    panned = find_clusters(left + 17.0, top - 9.0, kinds, 1, (17.0, -9.0))
    assert here.of.tolist() == panned.of.tolist()


def test_nothing_is_no_cluster_and_sizes_are_bounded() -> None:
    found = grouped([])
    assert found.counts.size == 0
    assert found.at(0.0, 0.0) == ALONE
    assert radii_of(np.array([3, 10, 1_000_000])).tolist() == pytest.approx(
        [12, 16.17, 21], abs=0.1
    )
