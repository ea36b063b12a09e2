"""Password rules of NIST SP 800-63B-4, section 3.1.1.2: length and a block-list, no composition rules."""

from __future__ import annotations

import unicodedata

from idp.domain.errors import PageError

MIN_LENGTH = 8
MAX_LENGTH = 128
_COMMON_WORDS = (
    "12345678 123456789 1234567890 87654321 11111111 00000000 88888888 99999999 password password1 "
    "qwertyui qwerty123 abcd1234 abc12345 1q2w3e4r anhyeuem iloveyou matkhau1 matkhau123 vietnam1 "
    "thainguyen thainguyen1 motcham123 12341234 a1234567 asdfghjk 123123123 987654321 abcdefgh"
)
_COMMON = frozenset(_COMMON_WORDS.split())


def check_password(password: str, again: str, *, number: str) -> str:
    """The password in NFC. Raises PageError with a code that says what to change."""
    password, again = (unicodedata.normalize("NFC", text) for text in (password, again))
    if len(password) < MIN_LENGTH:
        raise PageError("password_too_short", status=422)
    if len(password) > MAX_LENGTH:
        raise PageError("password_too_long", status=422)
    if password.casefold() in _COMMON or password in number or len(set(password)) <= 2:
        raise PageError("password_common", status=422)
    if password != again:
        raise PageError("passwords_differ", status=422)
    return password
