"""JWE algorithms that tokens and userinfo may be encrypted with (RFC 7518, sections 4 and 5)."""

from __future__ import annotations

ALGORITHMS = ("RSA-OAEP-256", "ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A256KW")
CONTENT_ALGORITHMS = ("A128CBC-HS256", "A256GCM")
DEFAULT_CONTENT = "A128CBC-HS256"  # OpenID Connect Dynamic Client Registration 1.0, section 2
