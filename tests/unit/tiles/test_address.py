import pytest

from tftmonitor.tiles.address import AddressError, TileAddress

GOOD = "https://tile.example.org/{z}/{x}/{y}.png?key=hush"


def test_place_of_a_tile_is_put_in() -> None:
    assert TileAddress(f" {GOOD}\n").of(3, 5, 1) == "https://tile.example.org/3/5/1.png?key=hush"
    south = TileAddress("http://127.0.0.1:8080/t/{z}/{x}/{-y}#frame")
    assert south.of(3, 5, 1) == "http://127.0.0.1:8080/t/3/5/6"
    assert (south.place, south.is_here) == ("127.0.0.1:8080", True)


def test_key_in_an_address_is_in_no_text_about_it() -> None:
    address = TileAddress("https://user:hush@tile.example.org:444/{z}/{x}/{y}?key=hush")
    assert repr(address) == "<tiles of tile.example.org:444>"
    assert not address.is_here
    assert b"hush" not in address.key
    assert address.key != TileAddress(GOOD).key
    assert TileAddress(GOOD).key == TileAddress(GOOD).key


@pytest.mark.parametrize(
    ("host", "credit"),
    [
        ("tile.openstreetmap.org", "© OpenStreetMap contributors"),
        ("openstreetmap.org", "© OpenStreetMap contributors"),
        ("notopenstreetmap.org", "Tiles: notopenstreetmap.org"),
    ],
)
def test_usual_credit(host: str, credit: str) -> None:
    assert TileAddress(f"https://{host}/{{z}}/{{x}}/{{y}}.png").usual_credit == credit


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("", "no address of a server"),
        ("tile.example.org/{z}/{x}/{y}", "no address of a server"),
        ("ftp://host/{z}/{x}/{y}", "no address of a server"),
        ("https:///{z}/{x}/{y}", "no address of a server"),
        ("https://host/{z}/{x}/{y} .png", "no address of a server"),
        ("https://host/{z}/{x}/{y}\x07", "no address of a server"),
        ("https://[host/{z}/{x}/{y}", "cannot be read"),
        ("https://host:99999/{z}/{x}/{y}", "cannot be read"),
        ("https://{s}.host/{z}/{x}/{y}", "name of one server"),
        ("http://host/{z}/{x}/{y}", "use https://"),
        ("https://host/{z}/{x}/{y}{r}", "{r} is not known"),
        ("https://host/{z}/{x}", "has to hold {z}, {x} and {y}"),
        ("https://host/{x}/{y}", "has to hold {z}, {x} and {y}"),
        ("https://host/{z}/{y}", "has to hold {z}, {x} and {y}"),
    ],
)
def test_what_is_no_address_says_why(template: str, words: str) -> None:
    with pytest.raises(AddressError) as caught:
        TileAddress(template)
    assert words in str(caught.value)
