"""Client metadata, rule by rule (RFC 7591; OpenID Connect Dynamic Client Registration 1.0)."""
