import pytest

from tftmonitor.base.text_search import folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mu\u0308ller", "M\u00fcller"),
        ("M\u00dcLLER", "mu\u0308ller"),
        ("STRASSE", "stra\u00dfe"),
        ("VAN-12", "van-12"),
        ("\uff36\uff21\uff2e", "van"),
        ("\ufb01eld", "FIELD"),
        ("\u0130zmir", "i\u0307zmir"),
    ],
)
def test_spellings_of_one_name_are_one(one: str, other: str) -> None:
    assert folded(one) == folded(other)


def test_different_letters_stay_different() -> None:
    assert folded("Müller") != folded("Muller")
