"""A Django site on the SDK, in one file. Run: django_city.py PORT"""

from __future__ import annotations

import os
import sys
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

settings.configure(
    SECRET_KEY=os.urandom(32).hex(),
    ALLOWED_HOSTS=[".localhost"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["DATABASE"]}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "motcham.django.MotChamMiddleware",
        "motcham.django.users.CitizenUserMiddleware",
    ],
    SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
    LOGIN_URL="/motcham/sign-in",
)
django.setup()

from django.contrib.auth.decorators import login_required  # noqa: E402  Django must be set up first
from motcham.django import signed  # noqa: E402


def home(request: HttpRequest) -> HttpResponse:
    citizen = request.citizen  # type: ignore[attr-defined]
    return HttpResponse(f"hello {citizen.name}" if citizen else request.motcham.button("/me"))  # type: ignore[attr-defined]


@signed()
def me(request: HttpRequest) -> JsonResponse:
    citizen: Any = request.citizen  # type: ignore[attr-defined]
    return JsonResponse({"sub": citizen.sub, "level": citizen.level, "q": request.GET.get("q", "")})


@signed(level=2)
def level2(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"level": request.citizen.level})  # type: ignore[attr-defined]


@login_required  # type: ignore[untyped-decorator]
def mine(request: HttpRequest) -> JsonResponse:
    user: Any = request.user
    return JsonResponse({"user": user.get_username(), "password": user.has_usable_password()})


urlpatterns = [path("", home), path("me", me), path("level2", level2), path("mine", mine)]


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


call_command("migrate", verbosity=0)
with make_server("127.0.0.1", int(sys.argv[1]), get_wsgi_application(), handler_class=Quiet) as server:
    print("ready", flush=True)
    server.serve_forever()
