import pytest
from hypothesis import given
from hypothesis import strategies as st

from tftmonitor.model.alarms.codes import Numbering
from tftmonitor.model.alarms.numbering import CodeResolver
from tftmonitor.settings import names as names_module
from tftmonitor.settings.names import (
    NAME_LIMIT,
    PROBLEM_LIMIT,
    decode_csv,
    names_to_csv,
    parse_names_csv,
)
from tftmonitor.settings.numberings import apply_numberings
from tftmonitor.settings.schema import Settings

A, B = "861632051234567", "861632051234575"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_names_are_read_with_each_separator_and_line_end(separator: str, end: str) -> None:
    rows = [("imei", "name", "plate", "group"), (A, "Van 12", "B-XY 1", "north"), (B, "Lkw ä")]
    text = end.join(separator.join(row) for row in rows)
    assert parse_names_csv(text) == ({A: "Van 12", B: "Lkw ä"}, [])


@pytest.mark.parametrize(
    "text",
    [
        f"{A},Van 12",
        f"\ufeff{A},Van 12",
        f"\n\n,,\n{A},Van 12\n\n",
        f'"{A}","Van 12"',
        f"sep=;\n{A};Van 12",
        f"Name;IMEI\nVan 12;{A}",
        f"Device ID;Group;Plate;Label\n{A};north;B-XY 1;Van 12",
        f" {A} ,  Van\u00a012 ".replace("\u00a0", " "),
        f"'{A},Van 12",
        f'="{A}",Van 12',
        f'"=""{A}""",Van 12',
        f"{A}.0,Van 12",
        "86-163205-123456-7,Van 12",
        "8616 3205 1234 567,Van 12",
        f"{A},,Van 12",
    ],
)
def test_one_name_in_many_spellings(text: str) -> None:
    assert parse_names_csv(text) == ({A: "Van 12"}, [])


def test_separator_within_names_does_not_confuse() -> None:
    assert parse_names_csv(f"{A},Truck; red\n{B},Van; blue")[0] == {A: "Truck; red", B: "Van; blue"}
    assert parse_names_csv(f"{A};Truck, red")[0] == {A: "Truck, red"}
    assert parse_names_csv(f'{A},"Truck, red"')[0] == {A: "Truck, red"}


@pytest.mark.parametrize("rounded", ["8.61632E+14", "8,61632E+14", "1.0E+15", "9e+14"])
def test_id_that_a_spreadsheet_rounded_is_named_and_not_taken(rounded: str) -> None:
    names, problems = parse_names_csv(f"imei;name\n{A};Van\n{rounded};Lorry")
    assert names == {A: "Van"}
    assert len(problems) == 1
    assert problems[0].startswith(f"line 3: {rounded} is a number that a spreadsheet has rounded")


def test_each_problem_names_its_line_and_costs_only_its_row() -> None:
    text = f'imei,name\n,Van\n{A},\n{A},"open\nno id!,Car\n{B},Lorry\n{B},Bus\n{A},last'
    names, problems = parse_names_csv(text)
    assert names == {B: "Bus", A: "last"}
    assert problems == [
        "line 2: no id",
        f"line 3: no name for {A}",
        "line 4: a quotation mark is opened and not closed",
        "line 5: “no id!” is no id of a device",
        f"line 7: {B} is on line 6 too; this one counts",
    ]


def test_same_row_twice_is_no_problem() -> None:
    assert parse_names_csv(f"{A},Van\n{A},Van") == ({A: "Van"}, [])


def test_name_is_one_line_of_bounded_length() -> None:
    names, problems = parse_names_csv(f"{A},a\u2028b\x07c\n{B},{'x' * 500}")
    assert names[A] == "a b c"
    assert names[B] == "x" * NAME_LIMIT
    assert problems == [f"line 2: the name of {B} is cut to {NAME_LIMIT} characters"]


def test_problems_are_bounded() -> None:
    _, problems = parse_names_csv("\n".join(["?,?"] * 500))
    assert len(problems) == PROBLEM_LIMIT + 1
    assert problems[-1] == "and 450 more"


def test_lines_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names_module, "LINE_LIMIT", 3)
    names, problems = parse_names_csv("\n".join(f"{n},name {n}" for n in range(10)))
    assert names == {}
    assert problems == ["more than 3 lines: no fleet has as many, nothing was taken"]


def test_names_of_more_devices_than_any_fleet_has_come_back_whole() -> None:
    names = {f"{10**14 + n}": f"VAN {n}" for n in range(60_000)}
    assert parse_names_csv(decode_csv(names_to_csv(names))) == (names, [])


def test_picture_is_no_list_of_names() -> None:
    names, problems = parse_names_csv(decode_csv(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" * 20))
    assert names == {}
    assert problems


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(
    "name", ["Müller – 12", "Газель К123АВ", "粤B12345 冷藏车", "Silo 5 m³", "🚚"]
)
def test_file_is_decoded_as_spreadsheets_write_it(encoding: str, name: str) -> None:
    text = decode_csv(f"imei;name\n{A};{name}\n{B};Van\n".encode(encoding))
    assert parse_names_csv(text) == ({A: name, B: "Van"}, [])


def test_utf_16_of_either_order_is_told_by_its_mark() -> None:
    text = f"\ufeff{A},冷藏车".encode("utf-16-be")
    assert parse_names_csv(decode_csv(text)) == ({A: "冷藏车"}, [])


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("gb18030", "粤B12345 冷藏车"),
        ("gb18030", "𠀀"),
        ("big5", "冷藏車 1"),
        ("cp1251", "Газель К123АВ"),
        ("koi8-r", "Газель"),
        ("cp1252", "Müller – 12"),
        ("cp1250", "Łódź"),
        ("cp1253", "Αθήνα"),
        ("cp1254", "Yıldız"),
        ("cp1256", "شاحنة"),
        ("shift-jis", "冷蔵車"),
        ("shift-jis", "ﾄﾗｯｸ"),
        ("euc-kr", "냉장차"),
        ("cp874", "รถบรรทุก"),
        ("mac-roman", "Müller"),
        ("utf-32", "Van"),
    ],
)
def test_of_another_code_page_nothing_is_taken_and_the_line_is_named(
    encoding: str, name: str
) -> None:
    content = f"imei,name\r\n{B},Van\r\n{A},{name}\r\n".encode(encoding)
    names, problems = parse_names_csv(decode_csv(content))
    assert names == {}
    line = 1 if encoding == "utf-32" else 3
    assert problems == [
        f"line {line}: this is not UTF-8: save the table as “CSV UTF-8” and import that"
    ]


@pytest.mark.parametrize("plate", ["鲁B12345", "豫A12345"])
def test_plate_that_is_valid_in_two_code_pages_is_not_taken(plate: str) -> None:
    content = f"{A},{plate}\n{B},Van\n".encode("gb18030")
    names, problems = parse_names_csv(decode_csv(content))
    assert names == {B: "Van"}
    (problem,) = problems
    assert "seems to be of another code page" in problem
    # A file that is marked is what it says.
    name = content.decode("utf-8").split("\n")[0].split(",")[1]
    assert parse_names_csv(decode_csv(f"{A},{name}".encode("utf-8-sig"))) == ({A: name}, [])


def test_name_that_was_damaged_before_is_not_taken() -> None:
    names, problems = parse_names_csv(f"{A},M\ufffdller\n{B},Van")
    assert names == {B: "Van"}
    assert problems[0].startswith("line 1: “M\ufffdller” was damaged")


@pytest.mark.parametrize("content", [b"", b"\xff", b"\xff\xfe", b"\xfe\xff\x00", b"\x00"])
def test_scraps_are_no_names(content: bytes) -> None:
    assert parse_names_csv(decode_csv(content))[0] == {}


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reading(content: bytes) -> None:
    names, _problems = parse_names_csv(decode_csv(content))
    assert all(name.isprintable() for name in names.values())
    for name in names.values():
        name.encode("utf-8")


@given(st.text(max_size=300))
def test_no_text_breaks_the_reading(text: str) -> None:
    names, problems = parse_names_csv(text)
    assert all(names.values())
    assert len(problems) <= PROBLEM_LIMIT + 1


# Not the mark of what could not be read: a name with it is refused.
_LETTERS = st.characters(exclude_categories=["C", "Z"], exclude_characters="\ufffd")
_WORDS = st.text(_LETTERS, min_size=1, max_size=NAME_LIMIT)


@given(st.dictionaries(st.from_regex(r"\A[0-9]{15}\Z"), _WORDS, max_size=8))
def test_what_is_exported_is_read_back(names: dict[str, str]) -> None:
    assert parse_names_csv(decode_csv(names_to_csv(names))) == (names, [])


def test_pins_of_the_settings_reach_the_reader() -> None:
    reader = CodeResolver()
    settings = Settings(numberings={"TLW2-6BL": "B-asset", "": "C", "KnightX": "from the future"})
    apply_numberings(reader, settings)

    def numbering(model: str | None) -> Numbering | None:
        reading = reader.resolve(3, None, model)
        return reading.numbering if reading else None

    assert numbering("tlw2-6bl ") is Numbering.ASSET
    assert numbering(None) is Numbering.EVENT
    assert numbering("KnightX") is None
    settings.numberings["TLW2-6BL"] = ""
    apply_numberings(reader, settings)
    assert numbering("TLW2-6BL") is not Numbering.ASSET
