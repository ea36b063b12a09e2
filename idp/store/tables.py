"""Every table of the provider. Times are Unix seconds; ``*_hash`` columns are hex SHA-256 or HMAC."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

metadata = MetaData()
ACCOUNT = "accounts.account_id"

clients = Table(
    "clients",
    metadata,
    Column("client_id", String(64), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("redirect_uris", JSON, nullable=False),
    Column("post_logout_redirect_uris", JSON, nullable=False),
    Column("auth_method", String(32), nullable=False),
    Column("secret_hash", String(64)),
    Column("jwks", JSON(none_as_null=True)),
    Column("operator", String(200)),
    Column("id_token_signed_response_alg", String(16), nullable=False),
    Column("metadata", JSON, nullable=False, default=dict, server_default="{}"),
    Column("created_at", BigInteger, nullable=False),
)
accounts = Table(
    "accounts",
    metadata,
    Column("account_id", String(64), primary_key=True),
    Column("number_hash", String(64), nullable=False, unique=True),
    Column("profile", LargeBinary, nullable=False),
    Column("level", Integer, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("email", LargeBinary),
    Column("phone", LargeBinary),
)
passwords = Table(
    "passwords",
    metadata,
    Column("account_id", ForeignKey(ACCOUNT), primary_key=True),
    Column("hash", String(255), nullable=False),
)
passkeys = Table(
    "passkeys",
    metadata,
    Column("credential_id", LargeBinary, primary_key=True),
    Column("account_id", ForeignKey(ACCOUNT), nullable=False, index=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)
interactions = Table(
    "interactions",
    metadata,
    Column("interaction_id", String(64), primary_key=True),
    Column("browser_hash", String(64), nullable=False),
    Column("request", JSON(none_as_null=True)),
    Column("return_to", String(2000), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
    Column("authenticated_at", BigInteger),
    Column("finished", Integer, nullable=False, default=0),
)
sessions = Table(
    "sessions",
    metadata,
    Column("sid", String(64), primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("account_id", ForeignKey(ACCOUNT), nullable=False, index=True),
    Column("auth_time", BigInteger, nullable=False),
    Column("amr", JSON, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("last_seen", BigInteger, nullable=False),
    Column("device", String(200), nullable=False, default="", server_default=""),
)
authorizations = Table(  # what a citizen (or a client alone) was granted once; tokens hang on it
    "authorizations",
    metadata,
    Column("authorization_id", String(64), primary_key=True),
    Column("client_id", ForeignKey("clients.client_id", ondelete="CASCADE"), nullable=False, index=True),
    Column("account_id", ForeignKey(ACCOUNT), index=True),
    Column("sid", String(64), index=True),
    Column("scope", JSON, nullable=False),
    Column("claims", JSON, nullable=False),
    Column("resources", JSON, nullable=False),
    Column("authorization_details", JSON, nullable=False),
    Column("nonce", String(2000)),
    Column("auth_time", BigInteger, nullable=False),
    Column("amr", JSON, nullable=False),
    Column("acr", String(64), nullable=False),
    Column("created_at", BigInteger, nullable=False, index=True),
    Column("revoked_at", BigInteger),
)
AUTHORIZATION = "authorizations.authorization_id"
codes = Table(
    "codes",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    Column("authorization_id", ForeignKey(AUTHORIZATION, ondelete="CASCADE"), nullable=False, index=True),
    Column("redirect_uri", String(2000), nullable=False),
    Column("code_challenge", String(43), nullable=False),
    Column("dpop_jkt", String(64)),
    Column("expires_at", BigInteger, nullable=False, index=True),
    Column("used_at", BigInteger),
)
access_tokens = Table(
    "access_tokens",
    metadata,
    Column("token_id", String(64), primary_key=True),  # jti of a JWT, hash of an opaque token
    Column("authorization_id", ForeignKey(AUTHORIZATION, ondelete="CASCADE"), nullable=False, index=True),
    Column("scope", JSON, nullable=False),
    Column("audience", JSON, nullable=False),
    Column("cnf", JSON(none_as_null=True)),
    Column("act", JSON(none_as_null=True)),
    Column("authorization_details", JSON(none_as_null=True)),  # null: all of the authorization's
    Column("issued_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
    Column("revoked_at", BigInteger),
)
refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("authorization_id", ForeignKey(AUTHORIZATION, ondelete="CASCADE"), nullable=False, index=True),
    Column("cnf", JSON(none_as_null=True)),
    Column("issued_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
    Column("used_at", BigInteger),
)
pushed_requests = Table(  # RFC 9126
    "pushed_requests",
    metadata,
    Column("request_uri_hash", String(64), primary_key=True),
    Column("client_id", ForeignKey("clients.client_id", ondelete="CASCADE"), nullable=False),
    Column("params", JSON, nullable=False),
    Column("dpop_jkt", String(64)),
    Column("expires_at", BigInteger, nullable=False, index=True),
    Column("used_at", BigInteger),
)
device_codes = Table(  # RFC 8628
    "device_codes",
    metadata,
    Column("device_code_hash", String(64), primary_key=True),
    Column("user_code", String(16), nullable=False, unique=True),
    Column("client_id", ForeignKey("clients.client_id", ondelete="CASCADE"), nullable=False),
    Column("request", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("authorization_id", ForeignKey(AUTHORIZATION, ondelete="CASCADE"), index=True),
    Column("interval", Integer, nullable=False),
    Column("polled_at", BigInteger),
    Column("expires_at", BigInteger, nullable=False, index=True),
)
backchannel_requests = Table(  # CIBA
    "backchannel_requests",
    metadata,
    Column("auth_req_id_hash", String(64), primary_key=True),
    Column("client_id", ForeignKey("clients.client_id", ondelete="CASCADE"), nullable=False),
    Column("account_id", ForeignKey(ACCOUNT), index=True),  # empty: it reaches nobody
    Column("request", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("authorization_id", ForeignKey(AUTHORIZATION, ondelete="CASCADE"), index=True),
    Column("interval", Integer, nullable=False),
    Column("polled_at", BigInteger),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
)
silenced_apps = Table(  # apps from which a citizen wants no CIBA requests
    "silenced_apps",
    metadata,
    Column("account_id", ForeignKey(ACCOUNT), primary_key=True),
    Column("client_id", ForeignKey("clients.client_id", ondelete="CASCADE"), primary_key=True),
    Column("silenced_at", BigInteger, nullable=False),
)
subjects = Table(  # the ``sub`` that a CIBA client knows a citizen by: a pairwise one cannot be computed back
    "subjects",
    metadata,
    Column("client_id", ForeignKey("clients.client_id", ondelete="CASCADE"), primary_key=True),
    Column("subject", String(255), primary_key=True),
    Column("account_id", ForeignKey(ACCOUNT), nullable=False),
)
registration_tokens = Table(  # initial access tokens, RFC 7591 section 1.2
    "registration_tokens",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("uses_left", Integer, nullable=False),
    Column("constraints", JSON, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
)
logout_deliveries = Table(  # Back-Channel Logout 1.0
    "logout_deliveries",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("client_id", ForeignKey("clients.client_id", ondelete="CASCADE"), nullable=False, index=True),
    Column("account_id", String(64), nullable=False),
    Column("sid", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("last_result", String(64)),
    Column("created_at", BigInteger, nullable=False),
    Column("next_attempt_at", BigInteger, nullable=False),
    Column("delivered_at", BigInteger),
    Index("ix_logout_deliveries_due", "state", "next_attempt_at"),
)
ping_deliveries = Table(  # CIBA, section 10.2
    "ping_deliveries",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("client_id", ForeignKey("clients.client_id", ondelete="CASCADE"), nullable=False, index=True),
    Column("auth_req_id_hash", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("last_result", String(64)),
    Column("created_at", BigInteger, nullable=False),
    Column("next_attempt_at", BigInteger, nullable=False),
    Column("delivered_at", BigInteger),
    Index("ix_ping_deliveries_due", "state", "next_attempt_at"),
)
grants = Table(
    "grants",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("account_id", ForeignKey(ACCOUNT), nullable=False),
    Column("client_id", String(64), nullable=False, default=""),
    Column("operator", String(200), nullable=False, default=""),
    Column("scope", JSON, nullable=False),
    Column("granted_at", BigInteger, nullable=False),
    UniqueConstraint("account_id", "client_id", "operator"),
)
enrolments = Table(
    "enrolments",
    metadata,
    Column("enrolment_id", String(64), primary_key=True),
    Column("browser_hash", String(64), nullable=False),
    Column("check_id", String(64), nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("challenge", JSON, nullable=False),
    Column("created_at", BigInteger, nullable=False, index=True),
    Column("expires_at", BigInteger, nullable=False),
    Column("code", String(64)),
    Column("profile", LargeBinary),
    Column("level", Integer, nullable=False, default=0),
    Column("account_id", String(64)),
    Column("decision", JSON, nullable=False),
    Index("ix_enrolments_browser", "browser_hash", "created_at"),
)
uploads = Table(
    "uploads",
    metadata,
    Column("upload_id", String(64), primary_key=True),
    Column("enrolment_id", String(64), nullable=False, index=True),
    Column("side", String(8), nullable=False),
    Column("key", String(64), nullable=False),
    Column("length", BigInteger, nullable=False),
    Column("received", BigInteger, nullable=False),
    Column("parts", Integer, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
)
upload_parts = Table(
    "upload_parts",
    metadata,
    Column("upload_id", ForeignKey("uploads.upload_id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("data", LargeBinary, nullable=False),
)
answers = Table(  # of calls with an Idempotency-Key; null: being worked on
    "answers",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("answer", JSON(none_as_null=True)),
    Column("claimed_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
)
challenges = Table(
    "challenges",
    metadata,
    Column("key", String(128), primary_key=True),
    Column("challenge", LargeBinary, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
)
failures = Table(
    "failures",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("key", String(128), nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("ix_failures_key_at", "key", "at"),
)
signing_keys = Table(
    "signing_keys",
    metadata,
    Column("kid", String(64), primary_key=True),
    Column("alg", String(16), nullable=False),
    Column("private_key", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("retired_at", BigInteger),  # no longer signs, still verifies
    Column("removed_at", BigInteger),  # no longer published; the kid stays taken
)
contact_codes = Table(  # an e-mail address or a phone number on its way to being proven
    "contact_codes",
    metadata,
    Column("key", String(80), primary_key=True),  # account and channel
    Column("value", LargeBinary, nullable=False),
    Column("code_hash", String(64), nullable=False),
    Column("tries_left", Integer, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
)
messages = Table(  # to be sent; gone as soon as they are
    "messages",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("message", LargeBinary, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", BigInteger, nullable=False, index=True),
    Column("expires_at", BigInteger, nullable=False),
)
admins = Table(
    "admins",
    metadata,
    Column("username", String(64), primary_key=True),
    Column("hash", String(255), nullable=False),
)
admin_links = Table(
    "admin_links",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
)
admin_sessions = Table(
    "admin_sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("username", String(64), nullable=False),
    Column("expires_at", BigInteger, nullable=False),
)
audit_events = Table(
    "audit_events",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),
    Column("kind", String(64), nullable=False),
    Column("account_id", String(64), index=True),
    Column("detail", JSON, nullable=False),
)
