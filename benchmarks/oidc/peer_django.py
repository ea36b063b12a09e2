"""django-oauth-toolkit as the second peer, on SQLite, with near-free hashing. Run by its own interpreter:

PEER_PYTHON benchmarks/oidc/peer_django.py DATA PORT      prints one line of JSON when ready
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from pathlib import Path

import django  # type: ignore[import-not-found, unused-ignore]
from django.conf import settings
from django.core.management import call_command

data, port = Path(sys.argv[1]), sys.argv[2]
SECRET = "secret-of-the-benchmark"
KEY = data / "key.pem"

if not KEY.exists():
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    KEY.write_bytes(
        made.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
settings.configure(
    SECRET_KEY="benchmark",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "oauth2_provider"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": data / "db.sqlite3"}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    OAUTH2_PROVIDER={
        "OIDC_ENABLED": True,
        "OIDC_RSA_PRIVATE_KEY": KEY.read_text(),
        "SCOPES": {"openid": "OpenID", "introspection": "Introspection", "read": "Read"},
        "ROTATE_REFRESH_TOKEN": True,
        "PKCE_REQUIRED": True,
    },
)
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import include, path  # noqa: E402
from django.utils import timezone  # noqa: E402

urlpatterns = [path("o/", include("oauth2_provider.urls", namespace="oauth2_provider"))]
application = get_wsgi_application()


def prepare() -> dict[str, str]:
    """An application and a token of a citizen's."""
    from oauth2_provider.models import get_access_token_model, get_application_model

    call_command("migrate", verbosity=0)
    user, _ = get_user_model().objects.get_or_create(username="mai")
    app, _ = get_application_model().objects.get_or_create(
        client_id="opaque",
        defaults={
            "client_secret": SECRET,
            "client_type": "confidential",
            "authorization_grant_type": "client-credentials",
            "user": user,
        },
    )
    expires = timezone.now() + timedelta(hours=1)
    model = get_access_token_model()
    model.objects.get_or_create(
        token="access-of-the-benchmark",
        defaults={"user": user, "application": app, "expires": expires, "scope": "openid introspection"},
    )
    return {"access": "access-of-the-benchmark"}


def main() -> None:
    from gunicorn.app.base import BaseApplication

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            self.cfg.set("bind", f"127.0.0.1:{port}")
            self.cfg.set("worker_class", "gthread")  # keeps connections, as the others do
            self.cfg.set("threads", 1)
            self.cfg.set("post_worker_init", lambda _worker: print(json.dumps(ready), flush=True))

        def load(self) -> object:
            return application

    ready = prepare()
    Server().run()


if __name__ == "__main__":
    main()
