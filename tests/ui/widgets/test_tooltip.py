"""Tooltips show text and never markup."""

from tftmonitor.ui.widgets.tooltip import plain_tip


def test_markup_is_escaped_and_lines_are_kept() -> None:
    assert plain_tip("<b>a\nb & c") == "<qt>&lt;b&gt;a<br>b &amp; c</qt>"


def test_length_is_bounded() -> None:
    assert len(plain_tip("x" * 100_000)) < 1_100


def test_nothing_is_no_tooltip() -> None:
    assert plain_tip("") == ""
