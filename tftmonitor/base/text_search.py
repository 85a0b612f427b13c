"""How texts are compared when somebody looks for something: as people read them."""

import unicodedata


def folded(text: str) -> str:
    """The text without the difference of capitals, and of letters composed or decomposed.

    "Müller" typed as one letter finds the name that another system wrote as u and two dots.
    """
    if text.isascii():
        return text.lower()
    composed = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", composed)
