import numpy as np

from tftmonitor.model.fleet.row_columns import RowColumns


def test_columns_grow_together_keep_their_values_and_their_types() -> None:
    columns = RowColumns()
    times, flags = columns.add(np.int64), columns.add(np.bool_)
    assert (len(times.rows), len(flags.rows)) == (0, 0)
    for count in range(1, 201):
        columns.grow(count)
        times.rows[count - 1] = count
        flags.rows[count - 1] = count % 2
    assert times.rows.tolist() == list(range(1, 201))
    assert flags.rows.tolist() == [True, False] * 100
    assert [times.rows.dtype.name, flags.rows.dtype.name] == ["int64", "bool"]


def test_many_rows_at_once_are_zero() -> None:
    columns = RowColumns()
    numbers = columns.add(np.int32)
    columns.grow(3)
    numbers.rows[:] = 7
    columns.grow(1_000)
    assert numbers.rows[:4].tolist() == [7, 7, 7, 0]
    assert len(numbers.rows) == 1_000
    assert not numbers.rows[3:].any()


def test_growing_does_not_copy_at_each_row() -> None:
    columns = RowColumns()
    numbers = columns.add(np.int32)
    columns.grow(1)
    first = numbers.rows
    columns.grow(2)
    assert np.shares_memory(first, numbers.rows)
