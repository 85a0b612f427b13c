"""A credential is found however it is spelled, and nothing else is touched."""

import base64
import gc
import hashlib
import json
import logging
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tftmonitor.base import redaction as redaction_module
from tftmonitor.base.redaction import (
    MARK,
    Redaction,
    known_digests,
    redacted,
    redacted_frame,
    redacted_value,
)

PASSWORD = "Open:Sesame-7"
DIGEST = hashlib.md5(PASSWORD.encode()).hexdigest()
RAW = bytes.fromhex(DIGEST)
SPELLINGS = {
    "as sent": DIGEST,
    "upper case": DIGEST.upper(),
    "mixed case": DIGEST[:16].upper() + DIGEST[16:],
    "colons": RAW.hex(":"),
    "blanks in fours": " ".join(DIGEST[n : n + 4] for n in range(0, 32, 4)),
    "dashes, upper": RAW.hex("-").upper(),
    "0x and commas": ", ".join(f"{n:x}" for n in RAW) if 0 not in {n >> 4 for n in RAW} else DIGEST,
    "on four lines": "\n".join(DIGEST[n : n + 8] for n in range(0, 32, 8)),
    "with tabs": "\t".join(DIGEST),
    "its end cut off": DIGEST[:26],
    "its start cut off": DIGEST[8:],
    "both ends cut off": DIGEST[4:28],
    "base64": base64.b64encode(RAW).decode(),
    "base64 for addresses": base64.urlsafe_b64encode(RAW).decode().rstrip("="),
    "base64 of the digits": base64.b64encode(DIGEST.encode()).decode(),
    "base64 of capital digits": base64.b64encode(DIGEST.upper().encode()).decode(),
    "the password": PASSWORD,
}


@pytest.fixture
def redaction() -> Redaction:
    return Redaction(DIGEST)


def leaks(text: str) -> bool:
    """True when 10 digits in a row, or the password, are in it."""
    flat = "".join(c for c in text.lower() if c.isalnum())
    parts = (DIGEST[n : n + 10] for n in range(22))
    forms = [base64.b64encode(RAW), base64.urlsafe_b64encode(RAW)]
    forms += [base64.b64encode(digits.encode()) for digits in (DIGEST, DIGEST.upper())]
    return (
        any(part in flat for part in parts)
        or PASSWORD in text
        or any(form.decode()[:12] in text for form in forms)
    )


def every_text(value: object) -> str:
    """All that a reader finds who decodes JSON in texts again."""
    if isinstance(value, str):
        try:
            return value + every_text(json.loads(value))
        except ValueError:
            return value
    if isinstance(value, dict):
        return " ".join(map(every_text, (*value.keys(), *value.values())))
    return " ".join(map(every_text, value)) if isinstance(value, list) else ""


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS.keys())
@pytest.mark.parametrize("around", ["{}", "bad digest {}", "({}).", "code de {} ad", 'x="{}"; y'])
def test_each_spelling_is_taken_out_of_a_text(
    redaction: Redaction, spelling: str, around: str
) -> None:
    text = around.format(spelling)
    cleaned = redaction.text(text)
    assert leaks(text)
    assert not leaks(cleaned)
    assert MARK in cleaned
    assert cleaned.startswith(around.partition("{")[0])
    assert cleaned.endswith(around.rpartition("}")[2])


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS.keys())
@pytest.mark.parametrize("ascii_only", [True, False])
def test_each_spelling_is_taken_out_of_a_frame(
    redaction: Redaction, spelling: str, ascii_only: bool
) -> None:
    content = {"type": "messagePass", "message": f"no: {spelling}", "other": [{"deep": spelling}]}
    frame = json.dumps(content, ensure_ascii=ascii_only).encode()
    cleaned = redaction.frame(frame)
    assert not leaks(cleaned.decode())
    assert json.loads(cleaned)["type"] == "messagePass"
    assert json.loads(cleaned)["message"] == f"no: {MARK}"


def test_frame_with_escapes_or_as_a_key_or_no_json_is_cleaned(redaction: Redaction) -> None:
    escaped = "".join(f"\\u{ord(c):04x}" for c in DIGEST)
    of_password = "".join(f"\\u{ord(c):04x}" for c in PASSWORD)
    for frame in (
        f'{{"a":"{escaped}"}}',
        f'{{"a":[1,"{of_password}"]}}',
        f'{{"{DIGEST}":1}}',
        json.dumps({"alarm_msg": f'{{"name":"{escaped}"}}'}),
        json.dumps({"alarm_msg": json.dumps([f'{{"name":"{escaped}"}}'])}),
        f"not JSON {DIGEST}",
        "[" * 200_000 + DIGEST,
    ):
        cleaned = redaction.frame(frame.encode())
        assert not leaks(cleaned.decode())
        if frame.startswith("{"):
            assert not leaks(str(json.loads(cleaned)))
            assert not leaks(every_text(json.loads(cleaned)))


@pytest.mark.parametrize(
    "text",
    [
        f"C:\\{DIGEST}",
        "\\b" + DIGEST,
        json.dumps({"a": "\n".join(DIGEST[n : n + 8] for n in range(0, 32, 8))}),
        json.dumps({DIGEST[8:24]: "\t".join(DIGEST)}),
    ],
)
def test_backslashes_and_json_in_a_text_hide_nothing(redaction: Redaction, text: str) -> None:
    assert not leaks(every_text(redaction.text(text)))
    frame = json.dumps({"message": text, text: 1}).encode()
    assert not leaks(every_text(redaction.frame(frame).decode()))


def test_text_beside_it_stays_as_it_was_written(redaction: Redaction) -> None:
    harmless = '{"name":"\\u0041"}'
    cleaned = json.loads(redaction.frame(json.dumps({"a": DIGEST, "b": harmless}).encode()))
    assert cleaned == {"a": MARK, "b": harmless}


def test_frame_that_is_no_json_and_escaped_stays(redaction: Redaction) -> None:
    frame = b"half of \\u0041"
    assert redaction.frame(frame) is frame


def test_kind_of_a_frame_is_never_taken_for_the_password() -> None:
    redaction = Redaction(hashlib.md5(b"messagePass").hexdigest())
    cleaned = json.loads(redaction.frame(b'{"type":"messagePass","message":"messagePass!"}'))
    assert cleaned == {"type": "messagePass", "message": f"{MARK}!"}


def test_short_password_is_a_word_like_any_other() -> None:
    redaction = Redaction(hashlib.md5(b"SOS").hexdigest())
    assert redaction.text("SOS pressed") == "SOS pressed"


def test_values_are_looked_into_for_the_digest_alone(redaction: Redaction) -> None:
    assert redaction.value(DIGEST) == MARK
    assert redaction.value(PASSWORD) == PASSWORD
    assert redaction.value("Main street 23, 12345 Town") == "Main street 23, 12345 Town"


def test_what_is_clean_comes_back_as_it_is(redaction: Redaction) -> None:
    for text in ("", "closed by the server", "Größe \ud800", DIGEST[:14], DIGEST[::-1]):
        assert redaction.text(text) is text
        assert redaction.value(text) is text
    for frame in (b"", b"pong", b'{"a": 1}', b"\xff\xfe", json.dumps({"a": "x" * 70_000}).encode()):
        assert redaction.frame(frame) is frame


@given(st.text())
def test_no_text_without_it_is_changed(text: str) -> None:
    assert Redaction(DIGEST).text(text) == text


def test_long_texts_are_dropped_as_a_whole_and_quickly(redaction: Redaction) -> None:
    assert redaction.text("ab " * 300_000 + DIGEST[:28]) == MARK
    assert redaction.text("word " * 300_000) == "word " * 300_000


def test_what_is_no_digest_is_nothing_to_look_for() -> None:
    redaction = Redaction("stored")
    assert redaction.text("stored in the keyring") == "stored in the keyring"
    assert redaction.frame(b'{"a":"\\u0000"}') == b'{"a":"\\u0000"}'


def test_all_sessions_share_the_filter_and_leave_it_with_their_end(redaction: Redaction) -> None:
    other = Redaction(hashlib.md5(b"another one").hexdigest())
    text = f"{DIGEST} and {hashlib.md5(b'another one').hexdigest()}"
    assert redacted(text) == f"{MARK} and {MARK}"
    assert redacted_value(text) == f"{MARK} and {MARK}"
    assert redacted_value("short") == "short"
    assert redacted_frame(text.encode()) == f"{MARK} and {MARK}".encode()
    del other
    gc.collect()
    assert redacted(text) == f"{MARK} and {hashlib.md5(b'another one').hexdigest()}"


def test_digests_are_told_although_another_thread_makes_one(
    redaction: Redaction, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Changing:
        turns = 0

        def __iter__(self) -> Iterator[Redaction]:
            self.turns += 1
            if self.turns == 1:
                raise RuntimeError("Set changed size during iteration")
            return iter([redaction])

    monkeypatch.setattr(redaction_module, "_live", Changing())
    assert known_digests() == {redaction.digest}


def test_log_has_it_neither_in_a_line_nor_in_a_traceback(redaction: Redaction) -> None:
    from tftmonitor.base.logs import _AS_LOGGED, _clean

    try:
        int(f"refused {DIGEST.upper()}")
    except ValueError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, "", 1, "%s: %d", ("no " + DIGEST, 7), (type(error), error, None)
        )
    assert _clean(record)
    line = _AS_LOGGED.format(record)
    assert not leaks(line)
    assert f"no {MARK}: 7" in line
    assert f"'refused {MARK}'" in line
    misfit = logging.LogRecord("x", logging.ERROR, "", 1, "%d", ("word",), None)
    assert _clean(misfit)
