"""Names of the grants at the token endpoint. Each is one file of ``usecases/grants``."""

from __future__ import annotations

CIBA = "urn:openid:params:grant-type:ciba"
GRANT_TYPES = (
    "authorization_code",
    "refresh_token",
    "client_credentials",
    "urn:ietf:params:oauth:grant-type:device_code",
    CIBA,
    "urn:ietf:params:oauth:grant-type:token-exchange",
    "urn:ietf:params:oauth:grant-type:jwt-bearer",
)
