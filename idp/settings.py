"""Typed settings, prefixed ``IDP_``, fixed after start. No secret has a working default."""

from __future__ import annotations

from pathlib import Path

from pydantic import field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError


class Settings(BaseSettings):
    """Where one installation of the provider lives and how long its objects live (seconds)."""

    model_config = SettingsConfigDict(env_prefix="IDP_", frozen=True, extra="ignore")

    data: Path = Path("var/data")
    issuer: str = "http://localhost:8400"
    database_url: str = ""
    ekyc_url: str = ""
    ekyc_api_key: str = ""
    dpop_nonce_required: bool = False  # every DPoP proof must carry a nonce of ours (RFC 9449, section 8)
    # Header in which the proxy passes on a client's verified TLS certificate (RFC 8705). The proxy must
    # delete this header from what clients send. Empty: no mutual TLS.
    client_cert_header: str = ""
    open_registration: bool = False  # registration without an initial access token (RFC 7591)
    open_registrations_per_hour: int = 300  # from one address
    software_statement_issuers: dict[str, str] = {}  # issuer to the address of its JWK Set
    session_management: bool = True  # check_session_iframe (decision 10)
    # How codes that prove an address leave; each empty one takes its scope out of the metadata.
    smtp_url: str = ""  # smtp://user:password@host:587 (STARTTLS) or smtps://host:465
    email_from: str = ""
    sms_url: str = ""  # takes POST {"to": E.164, "text": ...} as JSON
    sms_token: str = ""  # its bearer token
    province: str = "Tỉnh Thái Nguyên"

    code_lifetime: int = 60
    access_token_lifetime: int = 600
    id_token_lifetime: int = 600
    refresh_token_idle: int = 30 * 24 * 3600
    refresh_token_absolute: int = 365 * 24 * 3600
    refresh_token_grace: int = 30  # an answer lost on the way may be asked for again that long
    device_code_lifetime: int = 600
    backchannel_request_lifetime: int = 300  # of CIBA, where the app wishes no other
    interaction_lifetime: int = 3600
    enrolment_lifetime: int = 24 * 3600
    pushed_request_lifetime: int = 90
    key_rotation_days: int = 90  # that a key signs; 0: until the command
    session_idle: int = 12 * 3600
    session_absolute: int = 30 * 24 * 3600
    logout_log_days: int = 90  # that the log of back-channel logouts is kept
    photo_bytes: int = 15 * 1024 * 1024

    @field_validator("issuer")
    @classmethod
    def _issuer(cls, value: str) -> str:
        """An issuer is a URL without query, fragment or trailing slash (OIDC Discovery, section 3)."""
        if not value.startswith(("https://", "http://")) or "?" in value or "#" in value:
            raise ValueError("issuer must be an http(s) URL without query and fragment")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        try:
            if value:
                make_url(value)
        except ArgumentError:
            raise ValueError("not the URL of a database") from None
        return value

    @field_validator("ekyc_url", "sms_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if value and not value.startswith(("https://", "http://")):
            raise ValueError("must be an http(s) URL")
        return value

    @model_validator(mode="after")
    def _mail(self) -> Settings:
        scheme, _, host = self.smtp_url.partition("://")
        if self.smtp_url and (scheme not in ("smtp", "smtps") or not host):
            raise ValueError("IDP_SMTP_URL must be smtp://host or smtps://host")
        if self.smtp_url and "@" not in self.email_from:
            raise ValueError("IDP_SMTP_URL needs an address in IDP_EMAIL_FROM")
        return self

    @property
    def secure_cookies(self) -> bool:
        return self.issuer.startswith("https://")

    @property
    def resolved_database_url(self) -> str:
        return self.database_url or f"sqlite:///{self.data / 'idp.db'}"
