"""Wires the provider: settings in, application out. The only place that knows every part."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Thread
from typing import Any, cast
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import State
from starlette.routing import Route

from idp.adapters.details_types import load_types
from idp.adapters.ekyc_bounded import BoundedChecker
from idp.adapters.key_sets import CachedKeySets
from idp.adapters.lazily import Lazily
from idp.adapters.passwords import Argon2Hasher
from idp.adapters.signer import JwtSigner, KeyPolicy
from idp.adapters.vault import Vault, open_vault
from idp.adapters.worker import Worker
from idp.domain.contact import Channel
from idp.domain.registration.uris import is_loopback
from idp.ports import IdentityChecker, Messenger, PasskeyVerifier
from idp.settings import Settings
from idp.store.engine import open_engine
from idp.store.immediate import open_immediate
from idp.store.keys import SqlKeys
from idp.store.sql import SqlStore
from idp.usecases.ciba.notify import ping_next
from idp.usecases.deliver_logouts import deliver_next
from idp.usecases.purge import purge
from idp.usecases.send_messages import send_next
from idp.usecases.services import Lifetimes, RegistrationPolicy, Services
from idp.web import (
    backchannel_authentication,
    device_authorization,
    errors,
    health,
    par,
    protocol,
    registration,
    rendering,
    session_check,
    sign_in,
    token_management,
    userinfo,
)
from idp.web.cors import BrowserApps
from idp.web.hot import HotRoutes
from idp.web.middleware import RequestFrame
from idp.web.openapi import document as openapi
from idp.web.pages import Pages
from idp.web.static_files import VersionedFiles

_SOON = 0.5  # seconds


def now() -> int:
    return int(time.time())


def build_services(settings: Settings, checker: IdentityChecker | None = None) -> tuple[Services, Vault]:
    """Opens the data folder and everything in it; ``checker`` replaces the configured eKYC engine."""
    vault = open_vault(settings.data)
    engine = open_engine(settings.resolved_database_url)
    return (
        Services(
            issuer=settings.issuer,
            store=SqlStore(engine, vault),
            signer=JwtSigner(
                SqlKeys(engine, vault),
                issuer=settings.issuer,
                clock=now,
                # ID tokens still serve as hints for as long as their session lasts.
                policy=KeyPolicy(settings.key_rotation_days * 86400, settings.session_absolute),
            ),
            passwords=Argon2Hasher(),
            passkeys=Lazily(lambda: _passkeys(settings)),
            checker=BoundedChecker(checker or _checker(settings)),
            clock=now,
            lifetimes=Lifetimes(
                code=settings.code_lifetime,
                access_token=settings.access_token_lifetime,
                id_token=settings.id_token_lifetime,
                interaction=settings.interaction_lifetime,
                enrolment=settings.enrolment_lifetime,
                pushed_request=settings.pushed_request_lifetime,
                session_idle=settings.session_idle,
                session_absolute=settings.session_absolute,
                refresh_idle=settings.refresh_token_idle,
                refresh_absolute=settings.refresh_token_absolute,
                refresh_grace=settings.refresh_token_grace,
                device_code=settings.device_code_lifetime,
                backchannel_request=settings.backchannel_request_lifetime,
                logout_log=settings.logout_log_days * 86400,
            ),
            subject_salt=vault.key("pairwise-subject"),
            nonce_key=vault.key("dpop-nonce"),
            secret_key=vault.key("client-secret"),
            dpop_nonce_required=settings.dpop_nonce_required,
            client_cert_header=settings.client_cert_header,
            tasks=Worker(),
            immediate=open_immediate(settings.resolved_database_url, vault),
            registration=RegistrationPolicy(
                settings.open_registration,
                settings.open_registrations_per_hour,
                settings.software_statement_issuers,
            ),
            fetcher=_outbound(settings),
            key_sets=CachedKeySets(_outbound(settings), now),
            details_types=load_types(settings.data / "authorization_details"),
            session_management=settings.session_management,
            messengers=_messengers(settings),
        ),
        vault,
    )


def create_app(settings: Settings | None = None, checker: IdentityChecker | None = None) -> Starlette:
    """The ASGI application of one installation."""
    settings = settings or Settings()
    services, vault = build_services(settings, checker)
    app = Starlette(lifespan=_lifespan)
    app.router.redirect_slashes = False  # would send 307 to wherever the Host header says
    app.state.services = services
    app.state.settings = settings
    app.state.csrf_key = vault.key("csrf")
    hot: list[Route] = []
    for protocol_part in (
        protocol,
        par,
        registration,
        userinfo,
        token_management,
        device_authorization,
        backchannel_authentication,
        openapi,
        sign_in,
    ):
        app.router.routes.extend(protocol_part.routes)
        hot += protocol_part.routes
    if settings.session_management:
        app.router.routes.extend(session_check.routes)
    app.router.routes.extend(health.routes)
    app.mount("/static", VersionedFiles(directory=Path(__file__).parent / "web" / "static"))
    app.router.default = app.state.pages = Pages(app.state)
    errors.register(app)
    app.add_middleware(HotRoutes, routes=hot)
    app.add_middleware(BrowserApps, services=services)
    app.add_middleware(RequestFrame, secure=settings.secure_cookies)
    return app


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    services: Services = app.state.services
    sender = _outbound(app.state.settings)
    services.tasks.start(
        # Codes first: somebody waits before the screen.
        lambda: send_next(services) or ping_next(services, sender) or deliver_next(services, sender)
    )
    cleaner = Worker(threads=1, every=300)
    cleaner.start(lambda: purge(services))
    keeper = Worker(threads=1, every=1)
    keeper.start(services.immediate.tend)
    asyncio.get_running_loop().call_later(_SOON, _warm_up, app.state)
    yield
    for worker in (services.tasks, cleaner, keeper):
        await run_in_threadpool(worker.stop)


def _warm_up(state: State) -> None:
    """What takes long to load, once the server answers."""
    services: Services = state.services

    def load() -> None:
        rendering.warm_up()
        state.pages.load()
        if isinstance(services.passkeys, Lazily):
            services.passkeys.warm()

    Thread(target=load, name="warm-up", daemon=True).start()


def _passkeys(settings: Settings) -> PasskeyVerifier:
    from idp.adapters.passkeys import WebAuthnVerifier

    return WebAuthnVerifier(settings.issuer)


def _outbound(settings: Settings) -> Any:
    """Implements every port that talks to apps' servers."""

    def make() -> Any:
        from idp.adapters.outbound import Outbound

        # A provider on a loopback name talks to apps on loopback names; a public one never looks inside.
        return Outbound(allow_private=is_loopback(urlsplit(settings.issuer).hostname or ""))

    return Lazily(make)


def _messengers(settings: Settings) -> dict[Channel, Messenger]:
    """What is configured; the rest is neither offered nor advertised."""
    found: dict[Channel, Messenger] = {}
    if settings.smtp_url:
        from idp.adapters.smtp import SmtpMessenger

        found["email"] = SmtpMessenger(settings.smtp_url, settings.email_from)
    if settings.sms_url:
        from idp.adapters.sms_gateway import SmsGateway

        found["phone"] = SmsGateway(settings.sms_url, settings.sms_token)
    return found


def _ekyc_over_http(settings: Settings) -> IdentityChecker:
    from idp.adapters.ekyc_http import HttpChecker

    return HttpChecker(settings.ekyc_url, settings.ekyc_api_key)


def _checker(settings: Settings) -> IdentityChecker:
    if settings.ekyc_url:
        return cast(IdentityChecker, Lazily(lambda: _ekyc_over_http(settings)))
    from idp.adapters.ekyc_embedded import EmbeddedChecker  # loads the vision engine only where it runs

    return EmbeddedChecker(settings.data)
