"""The command ``idp``. Errors end with exit code 2 and, with ``--json``, one JSON object."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal, NoReturn

import click
import uvicorn

from idp.adapters.key_pairs import ALGORITHMS
from idp.app import build_services, create_app
from idp.domain.errors import IdpError
from idp.domain.models import PROFILES, Client, Delivery
from idp.domain.registration.ciba import MODES
from idp.settings import Settings
from idp.usecases.admin import first_sign_in_link, has_admin
from idp.usecases.ciba.notify import ping_log
from idp.usecases.create_citizen import create_citizen
from idp.usecases.create_client import create_client
from idp.usecases.deliver_logouts import delivery_log
from idp.usecases.registration.register import initial_access_token
from idp.usecases.rotate_keys import rotate_keys
from idp.usecases.services import Services
from idp.web import i18n

DATA = click.option(
    "--data",
    type=click.Path(path_type=Path),
    default=Path("var/data"),
    show_default=True,
    help="Data folder.",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
ISSUER = click.option("--issuer", default=None, help="Public URL of the provider.")
SUBJECT_TYPE = click.option("--subject-type", type=click.Choice(["pairwise", "public"]), default="pairwise")
NO_PKCE = click.option(
    "--no-pkce",
    "require_pkce",
    flag_value=False,
    default=True,
    help="For a confidential web app that cannot send PKCE.",
)


class ReportingGroup(click.Group):
    """Turns every refusal into the command's error answer."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except IdpError as error:
            _fail(error.code, _sentence(error))
        except click.UsageError as error:
            _fail("usage", error.format_message())


@click.group(cls=ReportingGroup)
def main() -> None:
    """The OpenID Connect provider of Một Chạm ID."""


@main.command()
@DATA
@ISSUER
@click.option("--port", type=click.IntRange(1, 65535), default=8400, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option(
    "--forwarded-allow-ips",
    default="127.0.0.1",
    show_default=True,
    help="Proxies whose X-Forwarded-For is believed; without it every citizen seems to be the proxy.",
)
def serve(data: Path, issuer: str | None, port: int, host: str, forwarded_allow_ips: str) -> None:
    """Serve the provider; prints one line when ready."""
    os.umask(0o077)  # databases and keys are for the server's own user
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    for noisy in ("httpx", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    app = create_app(_settings(data, issuer or _environment_issuer() or f"http://localhost:{port}"))
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        access_log=False,
        log_level="warning",
        server_header=False,
        forwarded_allow_ips=forwarded_allow_ips,
    )
    _Server(config, app.state.services).run()


@main.group()
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
    made, secret = create_client(_services(data, issuer), draft)
    answer: dict[str, Any] = {
        "client_id": made.client_id,
        "client_name": made.name,
        "redirect_uris": list(made.redirect_uris),
        "post_logout_redirect_uris": list(made.post_logout_redirect_uris),
        "token_endpoint_auth_method": made.auth_method,
        "grant_types": list(made.grant_types),
    }
    _say(answer | ({"client_secret": secret} if secret else {}), as_json)


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
    services = _services(data, issuer)
    token = initial_access_token(services, uses=uses, lifetime=days * 86400, constraints=constraints)
    _say({"initial_access_token": token, "registration_endpoint": f"{services.issuer}/register"}, as_json)


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
    log: Sequence[Delivery] = (ping_log if pings else delivery_log)(_services(data, issuer), client_id)
    if as_json:
        click.echo(json.dumps({"deliveries": [asdict(entry) for entry in log]}))
        return
    for entry in log:
        click.echo(
            f"{entry.id} {entry.client_id} {entry.state} attempts={entry.attempts} "
            f"last_result={entry.last_result or '-'} next_attempt_at={entry.next_attempt_at}"
        )


@main.group()
def keys() -> None:
    """The keys that tokens are signed with."""


@keys.command("rotate")
@DATA
@JSON
@ISSUER
@click.option("--alg", help="Of this algorithm only.")
def keys_rotate(data: Path, as_json: bool, issuer: str | None, alg: str | None) -> None:
    """Sign with new keys from now on; the old ones still verify until their last token is over."""
    _say({"kids": rotate_keys(_services(data, issuer), alg)}, as_json)


@main.group()
def citizen() -> None:
    """Citizens' accounts."""


@citizen.command("create")
@DATA
@JSON
@ISSUER
@click.option("--number", required=True, help="12-digit personal number.")
@click.option("--password", required=True)
def citizen_create(data: Path, as_json: bool, issuer: str | None, number: str, password: str) -> None:
    """Open an account for a citizen whom an officer has seen; the registry must know the number."""
    account = create_citizen(_services(data, issuer), number=number, password=password)
    _say({"account_id": account.account_id, "level": account.level}, as_json)


@main.group()
def admin() -> None:
    """The admin of this installation."""


@admin.command("link")
@DATA
@JSON
@ISSUER
def admin_link(data: Path, as_json: bool, issuer: str | None) -> None:
    """Make a one-time link with which the admin sets a password."""
    _say({"url": first_sign_in_link(_services(data, issuer))}, as_json)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, services: Services) -> None:
        super().__init__(config)
        self._services = services

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        if self.started:
            first = "" if has_admin(self._services) else "; no admin yet: run `idp admin link`"
            click.echo(f"idp ready: {self._services.issuer}{first}")


def _settings(data: Path, issuer: str | None) -> Settings:
    return Settings(data=data, issuer=issuer) if issuer else Settings(data=data)


def _environment_issuer() -> str | None:
    return Settings().issuer if "issuer" in Settings().model_fields_set else None


def _services(data: Path, issuer: str | None) -> Services:
    return build_services(_settings(data, issuer))[0]


def _read_jwks(path: Path) -> dict[str, Any]:
    try:
        jwks = json.loads(path.read_text(encoding="utf-8"))
        keys = jwks["keys"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IdpError("invalid_client_metadata", "--jwks is not a JWK set") from error
    if not keys or any("d" in key or "k" in key for key in keys):
        raise IdpError("invalid_client_metadata", "--jwks must hold public keys only")
    return {"keys": keys}


def _say(answer: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    for name, value in answer.items():
        click.echo(f"{name}: {', '.join(value) if isinstance(value, list) else value}")


def _sentence(error: IdpError) -> str:
    key = f"error.{error.code}"
    text = i18n.sentence("en", key) if i18n.has("en", key) else error.code
    return f"{text} ({error.description})" if error.description else text


def _fail(code: str, text: str) -> NoReturn:
    if "--json" in sys.argv:
        click.echo(json.dumps({"error": {"code": code, "message": text}}, ensure_ascii=False))
    else:
        click.echo(text, err=True)
    raise SystemExit(2)


if __name__ == "__main__":
    main()
