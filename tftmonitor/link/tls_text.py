"""Why a secure connection failed, and what to do, by the numbers and names of OpenSSL."""

import ssl

from tftmonitor.link.trouble import Trouble

_CA_ADVICE = "If it is your own server, name its CA file in the settings."
# The codes of X509_verify_cert_error_string.
_CERTIFICATES = {
    9: Trouble("certificate is not valid yet", "Is the clock of this computer right?"),
    10: Trouble(
        "certificate has expired",
        "Whoever runs the server has to renew it, or the clock of this computer is wrong.",
    ),
    18: Trouble("certificate is self-signed", _CA_ADVICE),
    19: Trouble("certificate comes from an unknown authority (self-signed)", _CA_ADVICE),
    20: Trouble("certificate comes from an unknown authority", _CA_ADVICE),
    21: Trouble("certificate comes from an unknown authority", _CA_ADVICE),
    23: Trouble("certificate was revoked", "Whoever runs the server has to replace it."),
}
_WRONG_HOST = Trouble(
    "certificate belongs to another server",
    "Check the address; something on the way may pretend to be the server.",
)
_WRONG_HOST_CODES = frozenset({62, 64})
_NO_TLS = Trouble(
    "port does not speak TLS",
    "Check the port; an address that begins with wss:// needs one that does.",
)
_TOO_OLD = Trouble(
    "server offers only an old, unsafe TLS",
    "TLS 1.2 or newer is needed: whoever runs the server has to allow it.",
)
_TOO_WEAK = Trouble(
    "server's certificate or key is too weak", "Whoever runs the server has to replace it."
)
_REASONS = {
    "WRONG_VERSION_NUMBER": _NO_TLS,
    "RECORD_LAYER_FAILURE": _NO_TLS,
    "PACKET_LENGTH_TOO_LONG": _NO_TLS,
    "HTTP_REQUEST": _NO_TLS,
    "HTTPS_PROXY_REQUEST": _NO_TLS,
    "UNKNOWN_PROTOCOL": _NO_TLS,
    "UNEXPECTED_MESSAGE": _NO_TLS,
    "UNSUPPORTED_PROTOCOL": _TOO_OLD,
    "TLSV1_ALERT_PROTOCOL_VERSION": _TOO_OLD,
    "TLSV1_ALERT_INSUFFICIENT_SECURITY": _TOO_OLD,
    "SSLV3_ALERT_HANDSHAKE_FAILURE": Trouble(
        "server and this program have no way of encryption in common",
        "The server's TLS may be too old; whoever runs it has to allow TLS 1.2 or newer.",
    ),
    "DH_KEY_TOO_SMALL": _TOO_WEAK,
    "EE_KEY_TOO_SMALL": _TOO_WEAK,
    "CA_KEY_TOO_SMALL": _TOO_WEAK,
    "CA_MD_TOO_WEAK": _TOO_WEAK,
    "WRONG_SIGNATURE_TYPE": _TOO_WEAK,
    "TLSV13_ALERT_CERTIFICATE_REQUIRED": Trouble(
        "server asks for a certificate of this program",
        "The vendor's server does not: check the address.",
    ),
    "TLSV1_UNRECOGNIZED_NAME": Trouble(
        "server does not know the name in the address", "Check the address."
    ),
    "UNEXPECTED_EOF_WHILE_READING": Trouble(
        "secure connection was cut off", "Check the port; something on the way may block it."
    ),
}


def explain_tls(error: ssl.SSLError) -> Trouble:
    """The reason, in words."""
    if isinstance(error, ssl.SSLCertVerificationError):
        if error.verify_code in _WRONG_HOST_CODES:
            return _WRONG_HOST
        # The library's own words for the rarer ones.
        other = Trouble(f"certificate not trusted ({error.verify_message})", _CA_ADVICE)
        return _CERTIFICATES.get(error.verify_code, other)
    reason = getattr(error, "reason", None) or ""  # one that Python raises itself has none
    return _REASONS.get(reason, Trouble(f"secure connection failed ({_plain(reason)})"))


def _plain(reason: str) -> str:
    return reason.replace("_", " ").lower() or "no reason given"
