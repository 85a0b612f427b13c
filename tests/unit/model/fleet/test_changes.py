from tftmonitor.model.fleet.changes import Changes


def test_first_change_wakes_once_until_it_is_drained() -> None:
    changes = Changes()
    woken: list[int] = []
    changes.woken.add(lambda: woken.append(1))
    changes.touch(3)
    changes.touch(3)
    changes.touch(5)
    assert len(woken) == 1
    assert changes.drain() == ({3, 5}, False)
    assert changes.drain() == (set(), False)
    changes.add(7)
    assert len(woken) == 2
    assert changes.drain() == ({7}, True)


def test_changes_are_collected_without_anybody_to_wake() -> None:
    changes = Changes()
    changes.touch(1)
    assert changes.drain() == ({1}, False)


def test_touching_a_known_row_costs_no_call() -> None:
    changes = Changes()
    woken: list[set[int]] = []
    changes.woken.add(lambda: woken.append(set(changes.rows)))
    for row in range(1_000):
        changes.touch(row % 7)
    assert woken == [{0}]


def test_every_listener_is_woken_even_after_one_that_fails() -> None:
    changes = Changes()
    woken: list[int] = []

    def fail() -> None:
        raise RuntimeError("broken")

    changes.woken.add(fail)
    changes.woken.add(lambda: woken.append(1))
    changes.touch(1)
    assert woken == [1]
