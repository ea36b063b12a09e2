"""``binding_message``: short words that the citizen compares on both screens (CIBA, section 7.1).

Plain text that every device can show: letters, digits, punctuation, signs of money and arithmetic, single
blanks. No line breaks, no invisible or direction-changing characters, no pictures.
"""

import unicodedata

from idp.domain.ciba.context import CibaContext
from idp.domain.errors import OAuthError

MAX_LENGTH = 100  # characters
_KINDS = ("L", "N", "P", "Sc", "Sm")  # Unicode general categories


def check(context: CibaContext) -> None:
    assert context.client is not None
    sent = context.params.get("binding_message")
    if sent is None:
        if context.client.fapi2 and not context.params.get("authorization_details"):
            # FAPI: CIBA Profile, section 5.2.2, item 2: something must make the request unmistakable.
            raise OAuthError("invalid_binding_message", "this client must send one")
        return
    text = unicodedata.normalize("NFC", sent)
    if len(text) > MAX_LENGTH or not text.strip():
        raise OAuthError("invalid_binding_message", f"between 1 and {MAX_LENGTH} characters")
    if not all(char == " " or unicodedata.category(char).startswith(_KINDS) for char in text):
        raise OAuthError("invalid_binding_message", "a character that not every device shows")
    context.binding_message = text
