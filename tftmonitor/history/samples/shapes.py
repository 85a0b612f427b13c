"""The shapes of frames as the file has them: each set of keys is written once."""

import sqlite3

import msgspec

from tftmonitor.history.samples.batch import text_sum
from tftmonitor.history.samples.flatten import Shape, from_json, to_json
from tftmonitor.history.samples.stored import DamagedBlockError


class FileShapes:
    """The table ``shape`` through a connection; a reader's one never adds to it."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._numbers: dict[Shape, int] = {}
        self._shapes: dict[int, Shape] = {}

    def number_of(self, shape: Shape) -> int:
        """The number of a shape, given where there is none. Raises sqlite3.Error."""
        number = self._numbers.get(shape)
        if number is None:
            text = to_json(shape)
            query = "INSERT OR IGNORE INTO shape (body, sum) VALUES (?, ?)"
            self._database.execute(query, (text, text_sum(text)))
            query = "SELECT number FROM shape WHERE body = ?"
            (number,) = self._database.execute(query, (text,)).fetchone()
            self._numbers[shape] = number
            self._shapes[number] = shape
        return number

    def shape_of(self, number: int) -> Shape:
        """The shape of a number. Raises DamagedBlockError, sqlite3.Error."""
        shape = self._shapes.get(number)
        if shape is None:
            query = "SELECT * FROM shape WHERE number = ?"
            found = self._database.execute(query, (number,)).fetchone()
            if found is None:
                raise DamagedBlockError(f"the keys of number {number} are missing")
            _, text, *total = found  # a file of version 1 has no sums
            if total and total[0] is not None and total[0] != text_sum(text):
                raise DamagedBlockError(f"the keys of number {number} are not as they were written")
            try:
                shape = from_json(text)
            except (msgspec.MsgspecError, ValueError, TypeError, RecursionError) as error:
                raise DamagedBlockError(f"the keys of number {number} are broken") from error
            self._shapes[number] = shape
        return shape
