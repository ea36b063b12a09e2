"""Client authentication (RFC 6749, section 2.3; OpenID Connect Core, section 9; RFC 7523; RFC 8705)."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from hmac import compare_digest

from idp.domain.certificates import Certificate
from idp.domain.errors import OAuthError
from idp.domain.models import Client
from idp.ports import Transaction
from idp.tokens import hash_secret
from idp.usecases.client_assertion import check_assertion, fetch_keys
from idp.usecases.client_keys import not_on_loop
from idp.usecases.services import Services

_PLAIN = ("client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt", "none")
_TLS = ("tls_client_auth", "self_signed_tls_client_auth")


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """What the request offered: exactly one method, already told apart by the web layer.

    ``method`` ``private_key_jwt`` stands for any assertion, ``none`` for mutual TLS too: which it is, the
    registration says.
    """

    method: str
    client_id: str
    secret: str = ""
    assertion: str = ""
    certificate: Certificate | None = None


def methods(services: Services) -> tuple[str, ...]:
    """What this installation offers: mutual TLS only behind a proxy that passes certificates on."""
    return (*_PLAIN, *_TLS) if services.client_cert_header else _PLAIN


def prepare_credentials(services: Services, offered: ClientCredentials) -> ClientCredentials:
    """To be called before the transaction. Raises OAuthError("invalid_client")."""
    if offered.assertion:
        fetch_keys(services, offered.client_id, offered.assertion)
    return offered


def authenticate_client(services: Services, tx: Transaction, offered: ClientCredentials) -> Client:
    """The client, proven by its registered method only. Raises OAuthError("invalid_client")."""
    client = tx.clients.get(offered.client_id)
    if client is not None:
        not_on_loop(services, client)
    if client is None or _kind(client.auth_method) != offered.method:
        raise _invalid("unknown client or another authentication method is registered")
    if offered.method in ("client_secret_basic", "client_secret_post"):
        if not compare_digest(hash_secret(offered.secret), client.secret_hash or ""):
            raise _invalid("wrong secret")
    elif offered.method == "private_key_jwt":
        check_assertion(services, tx, client, offered.assertion)
    elif client.auth_method in _TLS and not _certified(client, offered.certificate):
        raise _invalid("the TLS certificate is missing or not the registered one")
    return client


def _kind(method: str) -> str:
    if method in _TLS:
        return "none"
    return "private_key_jwt" if method == "client_secret_jwt" else method


def _certified(client: Client, certificate: Certificate | None) -> bool:
    """RFC 8705, section 2.1 (name in a certificate that the proxy verified), 2.2 (the certificate itself)."""
    if certificate is None:
        return False
    if client.auth_method == "tls_client_auth":
        if client.tls_client_auth_subject_dn is not None:
            return certificate.subject_dn == client.tls_client_auth_subject_dn
        return client.tls_client_auth_san_dns in certificate.dns_names
    der = b64encode(certificate.der).decode()
    chains = (key.get("x5c") for key in (client.jwks or {}).get("keys", []))
    return any(isinstance(chain, list) and chain[:1] == [der] for chain in chains)


def _invalid(description: str) -> OAuthError:
    return OAuthError("invalid_client", description, status=401)
