"""The endpoint that apps ask at (CIBA)."""

from __future__ import annotations

from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from idp.domain.contact import Channel, Message
from idp.domain.models import Client
from idp.domain.registration import languages
from idp.domain.registration.ciba import MODES
from idp.usecases.ciba import start as usecase
from idp.usecases.client_keys import ALGORITHMS
from idp.usecases.services import Services
from idp.web import i18n
from idp.web.oauth import client_asks, services_of

PATH = "/bc-authorize"
PAGE = "/account/requests"  # see requests_page.py


async def backchannel_authentication(request: Request) -> Response:
    """CIBA, section 7."""
    return await client_asks(request, partial(usecase.start, compose=partial(_compose, services_of(request))))


def _compose(services: Services, channel: Channel, to: str, client: Client) -> Message:
    """In Vietnamese: an app that asks does not say in which language its citizen reads."""
    app = languages.shown(client, "client_name", "vi") or client.name
    values = {"app": app, "url": f"{services.issuer}{PAGE}"}
    text = i18n.sentence("vi", f"requests.message_{channel}", **values)
    return Message(channel, to, i18n.sentence("vi", "requests.message_subject", **values), text)


def metadata(services: Services) -> dict[str, Any]:
    """CIBA, section 4."""
    return {
        "backchannel_authentication_endpoint": f"{services.issuer}{PATH}",
        "backchannel_token_delivery_modes_supported": list(MODES),
        "backchannel_authentication_request_signing_alg_values_supported": list(ALGORITHMS),
        "backchannel_user_code_parameter_supported": False,
    }


routes = [Route(PATH, backchannel_authentication, methods=["POST"])]
