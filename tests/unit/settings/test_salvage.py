from typing import Annotated

import msgspec

from tftmonitor.settings.salvage import read_values


class Schema(msgspec.Struct):
    pair: Annotated[tuple[str, ...], msgspec.Meta(max_length=2)] = ()
    table: dict[str, int] = {}
    name: str = ""


def test_what_fits_in_its_parts_and_not_as_a_whole_is_left_out_and_named() -> None:
    values, why = read_values({"pair": ["a", "b", "c"], "name": "kept"}, Schema)
    assert values == {"name": "kept"}
    assert why == "pair: Expected array of length <= 2"


def test_words_name_the_place_and_no_path() -> None:
    values, why = read_values({"table": {"a": 1, "b": "x", "c": None}}, Schema)
    assert values == {"table": {"a": 1}}
    assert why == "table.b: Expected int, got str; table.c: Expected int, got null"


def test_other_kind_of_container_is_named_as_a_whole() -> None:
    assert read_values({"table": [1], "pair": {}}, Schema) == (
        {},
        "pair: Expected array, got object; table: Expected object, got array",
    )
