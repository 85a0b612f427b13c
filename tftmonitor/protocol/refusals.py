"""What a server means by an error in answer to a sign-in: none of it is documented."""

import enum
import re
from dataclasses import dataclass
from typing import Any

from tftmonitor.protocol import lenient

_ERROR_KEYS = ("error", "code", "errcode", "status")
_TEXT_KEYS = ("msg", "message", "reason", "desc")
_OK = frozenset({"", "0", "200", "ok", "success", "none"})

# Words about who signs in, and words about the state that the server is in.
_ACCOUNT_WORDS = re.compile(
    r"passw|credential|authori[sz]|authenti|denied|forbidden|account|permission"
    r"|\b(user|login|log in|sign.?in|token|md5)\b"
    r"|contraseñ|usuario|парол|пользовател|密码|密碼|用户|用戶|账号|帳號|账户|认证|授权|权限|登录",
    re.IGNORECASE,
)
_STATE_WORDS = re.compile(
    r"busy|overload|too many|unavailable|maint[ae]|temporar|time[d ]*.?out|internal|restart"
    r"|database|shutting|rate.?limit|not ready|upgrading"
    r"|繁忙|维护|維護|超时|稍后|重启|系统错误|服务器",
    re.IGNORECASE,
)
# HTTP's numbers, which servers like to repeat.
_ACCOUNT_CODES = frozenset({"401", "403"})
_STATE_CODES = re.compile(r"408|429|5\d\d")


class Meaning(enum.Enum):
    """What the error is about."""

    ACCOUNT = "account"  # user or password are not taken
    STATE = "state"  # the server cannot at the moment
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error in the server's own words where it has some."""

    text: str
    meaning: Meaning


def refusal_in(content: dict[str, Any]) -> Refusal | None:
    """The refusal when a frame carries an error, else None."""
    for key in _ERROR_KEYS:
        value = content.get(key)
        if isinstance(value, dict | list) or _is_fine(key, value):
            continue
        texts = (lenient.text(content.get(text_key)) for text_key in _TEXT_KEYS)
        code = (lenient.text(value) or "").strip()
        text = next(filter(None, texts), None) or f"{key} {code}"
        return Refusal(text, _meaning(code, text))
    return None


def names_an_outcome(content: dict[str, Any]) -> bool:
    """True when a frame says how something went, whatever it says."""
    return any(key in content for key in _ERROR_KEYS)


def _meaning(code: str, text: str) -> Meaning:
    of_account = code in _ACCOUNT_CODES or _ACCOUNT_WORDS.search(text) is not None
    of_state = _STATE_CODES.fullmatch(code) is not None or _STATE_WORDS.search(text) is not None
    if of_account == of_state:
        return Meaning.UNCLEAR
    return Meaning.ACCOUNT if of_account else Meaning.STATE


def _is_fine(key: str, value: Any) -> bool:
    text = (lenient.text(value) or "").strip().lower()
    return text in _OK or text == ("true" if key == "status" else "false")
