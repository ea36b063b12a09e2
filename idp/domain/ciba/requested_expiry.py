"""``requested_expiry``: a positive number of seconds (CIBA, section 7.1); we keep to a longest time."""

from idp.domain.ciba.context import CibaContext
from idp.domain.errors import OAuthError

LONGEST = 900  # seconds


def check(context: CibaContext) -> None:
    asked = context.params.get("requested_expiry")
    if asked is None:
        return
    if not (asked.isascii() and asked.isdigit() and len(asked) <= 10 and int(asked) > 0):
        raise OAuthError("invalid_request", "requested_expiry must be a positive whole number of seconds")
    context.requested_expiry = min(int(asked), LONGEST)
