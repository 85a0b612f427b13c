"""The rules of secure connections: always verified, TLS 1.2 and up."""

import ssl
from pathlib import Path


class CaFileError(Exception):
    """The user's file of certificates cannot be used; its text says why."""


def tls_context(ca_file: Path | None = None) -> ssl.SSLContext:
    """What verifies servers, by the system's certificates and those of ``ca_file`` (PEM).

    Raises CaFileError when that file is not there or holds no certificate.
    """
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file is not None:
        try:
            context.load_verify_locations(cafile=ca_file)
        except ssl.SSLError:
            raise CaFileError(f"CA file {ca_file.name} holds no certificate in PEM form") from None
        except OSError as error:
            raise CaFileError(f"CA file {ca_file} cannot be read ({error.strerror})") from None
        # Since Python 3.13 set by default: authorities of one's own seldom have all the extensions
        # that it asks for, and would be trusted on one Python and not on another.
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


def ca_problem(ca_file: Path | None) -> str:
    """Why the user's file of certificates cannot be used, in words; "" when it can."""
    try:
        tls_context(ca_file)
    except CaFileError as error:
        return f"{error}."
    return ""
