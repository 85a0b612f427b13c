from tftmonitor.ui.tables.held_rows import hold_rows


def held(shown: list[str], wanted: list[str]) -> tuple[list[str], list[str], bool]:
    """Rows as "key=text"; those that are not wanted any more end with "-"."""
    made = hold_rows(shown, wanted, lambda row: row.split("=")[0], lambda row: row + "-")
    return made.rows, made.waiting, made.is_other


def test_rows_keep_their_places_and_say_what_is_so_now() -> None:
    assert held(["a=1", "b=1"], ["b=2", "a=2"]) == (["a=2", "b=2"], [], True)


def test_new_rows_wait_in_their_order() -> None:
    assert held(["a"], ["x", "a", "y"]) == (["a"], ["x", "y"], True)


def test_a_row_that_is_gone_stays_as_such() -> None:
    assert held(["a", "b"], ["b"]) == (["a-", "b"], [], True)


def test_rows_that_stand_as_they_would_are_not_held_back() -> None:
    assert held(["a", "b"], ["a", "b"]) == (["a", "b"], [], False)
