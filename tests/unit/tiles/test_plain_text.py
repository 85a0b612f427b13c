from tftmonitor.tiles.plain_text import plain_line


def test_tags_entities_and_line_ends_are_gone() -> None:
    text = "<a href='https://x'>&copy; Some\tbody</a>\r\n& <b>others</b>\x07"
    assert plain_line(text) == "© Some body & others"
    assert plain_line("a < b") == "a < b"
    # What the entities spell is text as well.
    assert plain_line("&lt;b&gt;x") == "<b>x"


def test_long_text_is_cut() -> None:
    assert len(plain_line("x" * 10_000)) == 160
    assert plain_line("x" * 161).endswith("x…")
    assert plain_line("x" * 160) == "x" * 160
