"""A Django site in one file, which signs in with mozilla-django-oidc. Run: django_site.py PORT"""

from __future__ import annotations

import os
import sys
from typing import Any
from urllib.parse import urlencode
from wsgiref.simple_server import make_server

import django
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

ISSUER, SITE = os.environ["ISSUER"], os.environ["SITE"]

settings.configure(
    SECRET_KEY=os.urandom(32).hex(),
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["DATABASE"]}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=[
        "django.contrib.contenttypes",
        "django.contrib.auth",
        "django.contrib.sessions",
        "mozilla_django_oidc",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    SESSION_COOKIE_NAME="django_session",
    AUTHENTICATION_BACKENDS=[f"{__name__}.Citizens"],
    OIDC_RP_CLIENT_ID=os.environ["CLIENT_ID"],
    OIDC_RP_CLIENT_SECRET=os.environ["CLIENT_SECRET"],
    OIDC_RP_SIGN_ALGO="ES256",
    OIDC_RP_SCOPES="openid profile",
    OIDC_USE_PKCE=True,
    OIDC_OP_AUTHORIZATION_ENDPOINT=f"{ISSUER}/authorize",
    OIDC_OP_TOKEN_ENDPOINT=f"{ISSUER}/token",
    OIDC_OP_USER_ENDPOINT=f"{ISSUER}/userinfo",
    OIDC_OP_JWKS_ENDPOINT=f"{ISSUER}/jwks",
    OIDC_OP_LOGOUT_URL_METHOD=f"{__name__}.provider_logout",
    OIDC_STORE_ID_TOKEN=True,
    LOGIN_REDIRECT_URL="/",
    LOGOUT_REDIRECT_URL="/",
    LOGIN_REDIRECT_URL_FAILURE="/failed",
)
django.setup()

from mozilla_django_oidc.auth import OIDCAuthenticationBackend  # noqa: E402  Django must be set up first


class Citizens(OIDCAuthenticationBackend):
    """Users by ``sub`` instead of by e-mail address, as the package's documentation tells to."""

    def filter_users_by_claims(self, claims: dict[str, Any]) -> Any:
        return self.UserModel.objects.filter(username=claims["sub"])

    def create_user(self, claims: dict[str, Any]) -> Any:
        return self.UserModel.objects.create_user(claims["sub"], first_name=claims["name"])


def provider_logout(request: HttpRequest) -> str:
    hint = request.session["oidc_id_token"]
    return f"{ISSUER}/logout?" + urlencode({"id_token_hint": hint, "post_logout_redirect_uri": f"{SITE}/"})


def home(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.user.first_name if request.user.is_authenticated else "nobody")


def user(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.user.pk))


def failed(_: HttpRequest) -> HttpResponse:
    return HttpResponse("the sign-in failed", status=403)


urlpatterns = [
    path("", home),
    path("user", user),
    path("failed", failed),
    path("oidc/", include("mozilla_django_oidc.urls")),
]

if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    make_server("127.0.0.1", int(sys.argv[1]), get_wsgi_application()).serve_forever()
