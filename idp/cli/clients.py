"""``idp client``: apps that sign citizens in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

import click

from idp.adapters.key_pairs import ALGORITHMS
from idp.cli.common import DATA, ISSUER, JSON, say, services_of
from idp.domain.errors import IdpError
from idp.domain.models import PROFILES, Client, Delivery
from idp.domain.registration.ciba import MODES
from idp.usecases.ciba.notify import ping_log
from idp.usecases.create_client import create_client
from idp.usecases.deliver_logouts import delivery_log
from idp.usecases.registration.register import initial_access_token

SUBJECT_TYPE = click.option("--subject-type", type=click.Choice(["pairwise", "public"]), default="pairwise")
NO_PKCE = click.option(
    "--no-pkce",
    "require_pkce",
    flag_value=False,
    default=True,
    help="For a confidential web app that cannot send PKCE.",
)


@click.group()
def client() -> None:
    """Apps that sign citizens in."""


@client.command("create")
@DATA
@JSON
@ISSUER
@click.option("--name", required=True, help="Name that citizens see.")
@click.option("--redirect-uri", "redirect_uris", multiple=True)
@click.option("--post-logout-redirect-uri", "post_logout_redirect_uris", multiple=True)
@click.option("--auth-method", default="client_secret_basic", show_default=True)
@click.option("--jwks", type=click.Path(path_type=Path), help="JWK set of the client's public keys.")
@click.option("--operator", help="Who runs the app; apps of one operator may share a consent.")
@click.option("--id-token-alg", default="ES256", show_default=True)
@click.option("--grant-type", "grant_types", multiple=True, default=["authorization_code"], show_default=True)
@click.option("--scope", help="Scopes the app may ask for, separated by spaces; every one by default.")
@click.option("--resource", "resources", multiple=True, help="URI of an API that tokens may be for.")
@click.option(
    "--details-type",
    "authorization_details_types",
    multiple=True,
    help="Type of authorization_details that the app may ask for, such as nop_ho_so.",
)
@click.option("--dpop", "dpop_bound_access_tokens", is_flag=True, help="Bind its tokens to a key (DPoP).")
@click.option(
    "--tls-bound",
    "tls_client_certificate_bound_access_tokens",
    is_flag=True,
    help="Bind its tokens to its TLS certificate (RFC 8705).",
)
@click.option("--tls-subject-dn", "tls_client_auth_subject_dn", help="For tls_client_auth, as in RFC 4514.")
@click.option("--access-token-format", type=click.Choice(["jwt", "opaque"]), default="jwt", show_default=True)
@click.option(
    "--access-token-alg", "access_token_signing_alg", type=click.Choice(ALGORITHMS), default="ES256"
)
@click.option("--profile", type=click.Choice(PROFILES), help="Rules the app is held to.")
@NO_PKCE
@SUBJECT_TYPE
@click.option("--backchannel-logout-uri", help="Where logout tokens go.")
@click.option("--frontchannel-logout-uri", help="Page that signs out inside an iframe.")
@click.option("--client-uri", help="Its own page, linked where citizens sign in.")
@click.option("--logo-uri", help="Picture shown there.")
@click.option("--policy-uri", help="How it uses data, linked there.")
@click.option("--tos-uri", help="Terms of use, linked there.")
@click.option(
    "--ciba", "backchannel_token_delivery_mode", type=click.Choice(MODES), help="How it learns of answers."
)
@click.option("--ciba-ping-uri", "backchannel_client_notification_endpoint", help="Where pings go.")
@click.option(
    "--ciba-signing-alg", "backchannel_authentication_request_signing_alg", help="It signs its CIBA requests."
)
def client_create(
    data: Path,
    as_json: bool,
    issuer: str | None,
    name: str,
    redirect_uris: tuple[str, ...],
    post_logout_redirect_uris: tuple[str, ...],
    auth_method: str,
    jwks: Path | None,
    operator: str | None,
    id_token_alg: str,
    grant_types: tuple[str, ...],
    scope: str | None,
    resources: tuple[str, ...],
    access_token_format: Literal["jwt", "opaque"],
    **more: Any,
) -> None:
    """Register an app; the secret is shown once."""
    draft = Client(
        client_id="",
        name=name,
        redirect_uris=redirect_uris,
        auth_method=auth_method,  # type: ignore[arg-type]  # create_client checks it
        post_logout_redirect_uris=post_logout_redirect_uris,
        jwks=_read_jwks(jwks) if jwks else None,
        operator=operator,
        id_token_signed_response_alg=id_token_alg,
        grant_types=tuple(dict.fromkeys(grant_types)),
        scope=tuple(scope.split()) if scope is not None else None,
        resources=resources,
        access_token_format=access_token_format,
        **more,
    )
    made, secret = create_client(services_of(data, issuer), draft)
    answer: dict[str, Any] = {
        "client_id": made.client_id,
        "client_name": made.name,
        "redirect_uris": list(made.redirect_uris),
        "post_logout_redirect_uris": list(made.post_logout_redirect_uris),
        "token_endpoint_auth_method": made.auth_method,
        "grant_types": list(made.grant_types),
    }
    say(answer | ({"client_secret": secret} if secret else {}), as_json)


@client.command("token")
@DATA
@JSON
@ISSUER
@click.option("--uses", type=click.IntRange(1, 1000), default=1, show_default=True)
@click.option("--days", type=click.IntRange(1, 365), default=7, show_default=True)
@click.option("--scope", help="Scopes such clients may ask for, separated by spaces.")
@click.option("--operator", help="Who runs such clients.")
@click.option("--profile", type=click.Choice(PROFILES), help="Rules such clients are held to.")
@NO_PKCE
@SUBJECT_TYPE
def client_token(
    data: Path,
    as_json: bool,
    issuer: str | None,
    uses: int,
    days: int,
    scope: str | None,
    operator: str | None,
    profile: str | None,
    require_pkce: bool,
    subject_type: str,
) -> None:
    """Make an initial access token, with which an app registers itself (RFC 7591)."""
    limits = {
        "scope": scope.split() if scope else None,
        "operator": operator,
        "profile": profile,
        "require_pkce": None if require_pkce else False,
        "subject_type": None if subject_type == "pairwise" else subject_type,
    }
    constraints = {name: value for name, value in limits.items() if value is not None}
    services = services_of(data, issuer)
    token = initial_access_token(services, uses=uses, lifetime=days * 86400, constraints=constraints)
    say({"initial_access_token": token, "registration_endpoint": f"{services.issuer}/register"}, as_json)


@client.command("deliveries")
@DATA
@JSON
@ISSUER
@click.option("--client-id", help="Of this app only.")
@click.option("--pings", is_flag=True, help="The pings of CIBA instead of logout tokens.")
def client_deliveries(
    data: Path, as_json: bool, issuer: str | None, client_id: str | None, pings: bool
) -> None:
    """Show the logout tokens sent or waiting, newest first."""
    log: Sequence[Delivery] = (ping_log if pings else delivery_log)(services_of(data, issuer), client_id)
    if as_json:
        click.echo(json.dumps({"deliveries": [asdict(entry) for entry in log]}))
        return
    for entry in log:
        click.echo(
            f"{entry.id} {entry.client_id} {entry.state} attempts={entry.attempts} "
            f"last_result={entry.last_result or '-'} next_attempt_at={entry.next_attempt_at}"
        )


def _read_jwks(path: Path) -> dict[str, Any]:
    try:
        jwks = json.loads(path.read_text(encoding="utf-8"))
        keys = jwks["keys"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IdpError("invalid_client_metadata", "--jwks is not a JWK set") from error
    if not keys or any("d" in key or "k" in key for key in keys):
        raise IdpError("invalid_client_metadata", "--jwks must hold public keys only")
    return {"keys": keys}
