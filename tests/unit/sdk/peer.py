"""An OpenID provider for tests, on real HTTP, that answers correctly until a test bends it."""

from __future__ import annotations

import base64
import hashlib
import secrets
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlencode

import jwt
import uvicorn
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import FastAPI, Form, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.types import ASGIApp

CLIENT_ID, CLIENT_SECRET = "phan anh/1", "s3cret:with+signs%"

Edit = Callable[[dict[str, Any]], dict[str, Any]]


def same(value: dict[str, Any]) -> dict[str, Any]:
    return value


class SigningKey:
    """An ES256 key pair with a key id."""

    def __init__(self, kid: str) -> None:
        self.kid = kid
        self.private = ec.generate_private_key(ec.SECP256R1())

    def sign(self, claims: dict[str, Any], **header: Any) -> str:
        return jwt.encode(claims, self.private, algorithm="ES256", headers={"kid": self.kid, **header})

    def public(self) -> dict[str, Any]:
        jwk = jwt.algorithms.ECAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        return {**jwk, "kid": self.kid, "use": "sig", "alg": "ES256"}


@dataclass
class Behaviour:
    """What the provider does next; the defaults are correct."""

    metadata: Edit = same
    callback: Edit = same
    id_token: Edit = same
    userinfo: Edit = same
    token_response: Edit = same
    sign: Callable[[dict[str, Any]], str] | None = None
    token_status: int = 200
    userinfo_status: int = 200
    discovery_status: int = 200
    push_status: int = 201
    acr: str | None = None  # None: as asked, else vn-ekyc-1
    withheld_scopes: frozenset[str] = frozenset()
    claims: dict[str, Any] = field(
        default_factory=lambda: {
            "sub": "pairwise-1",
            "name": "Nguyễn Thị Ngọc Ánh",
            "family_name": "Nguyễn",
            "middle_name": "Thị Ngọc",
            "given_name": "Ánh",
            "birthdate": "1990-02-28",
            "gender": "female",
            "address": {"formatted": "Tổ 5\nPhường Phan Đình Phùng\nThái Nguyên", "country": "VN"},
        }
    )


@dataclass
class Grant:
    redirect_uri: str
    nonce: str
    challenge: str
    scope: str
    acr: str
    used: bool = False


class Peer:
    """The provider. ``asked`` keeps the authorization requests, ``hits`` counts calls by path."""

    def __init__(self) -> None:
        self.issuer = ""
        self.reset()

    def reset(self) -> None:
        self.do = Behaviour()
        self.keys = [SigningKey("k1")]
        self.grants: dict[str, Grant] = {}
        self.asked: list[dict[str, str]] = []
        self.pushed: dict[str, dict[str, str]] = {}
        self.hits: dict[str, int] = {}

    def rotate(self) -> None:
        """Sign with a new key, as a provider does when the old one leaked."""
        self.keys = [SigningKey("k" + secrets.token_hex(4))]

    def discovery(self) -> Response:
        document = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
            "end_session_endpoint": f"{self.issuer}/logout",
            "id_token_signing_alg_values_supported": ["ES256"],
            "pushed_authorization_request_endpoint": f"{self.issuer}/par",
            "authorization_response_iss_parameter_supported": True,
        }
        return JSONResponse(self.do.metadata(document), self.do.discovery_status)

    def push(self, authorization: str, form: dict[str, str]) -> Response:
        if self.do.push_status != 201:
            return JSONResponse({"error": "invalid_request"}, self.do.push_status)
        if not self._knows(authorization):
            return JSONResponse({"error": "invalid_client"}, 401)
        request_uri = f"urn:ietf:params:oauth:request_uri:{secrets.token_urlsafe(8)}"
        self.pushed[request_uri] = form
        return JSONResponse({"request_uri": request_uri, "expires_in": 90}, 201)

    def authorize(self, query: dict[str, str]) -> Response:
        if "request_uri" in query:
            query = self.pushed.pop(query["request_uri"])
        self.asked.append(query)
        code = secrets.token_urlsafe(8)
        granted = [s for s in query["scope"].split() if s not in self.do.withheld_scopes]
        acr = self.do.acr or query.get("acr_values", "vn-ekyc-1")
        self.grants[code] = Grant(
            query["redirect_uri"], query["nonce"], query["code_challenge"], " ".join(granted), acr
        )
        answer = self.do.callback({"code": code, "state": query["state"], "iss": self.issuer})
        return RedirectResponse(f"{query['redirect_uri']}?{urlencode(answer)}", 303)

    def token(self, authorization: str, form: dict[str, str]) -> Response:
        if self.do.token_status != 200:
            return JSONResponse({"error": "invalid_grant"}, self.do.token_status)
        if not self._knows(authorization):
            return JSONResponse({"error": "invalid_client"}, 401)
        grant = self.grants.get(form["code"])
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            grant is None
            or grant.used
            or (grant.challenge, grant.redirect_uri)
            != (
                challenge,
                form["redirect_uri"],
            )
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        grant.used = True
        return JSONResponse(self.do.token_response(self._tokens(grant)))

    def _knows(self, authorization: str) -> bool:
        pair = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        return [unquote(half) for half in pair.split(":")] == [CLIENT_ID, CLIENT_SECRET]

    def _tokens(self, grant: Grant) -> dict[str, Any]:
        now = int(time.time())
        access = secrets.token_urlsafe(16)
        half = hashlib.sha256(access.encode()).digest()[:16]
        claims = {
            "iss": self.issuer,
            "sub": self.do.claims["sub"],
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "auth_time": now,
            "nonce": grant.nonce,
            "acr": grant.acr,
            "at_hash": base64.urlsafe_b64encode(half).rstrip(b"=").decode(),
        }
        sign = self.do.sign or self.keys[0].sign
        return {
            "access_token": access,
            "id_token": sign(self.do.id_token(claims)),
            "token_type": "Bearer",
            "expires_in": 300,
            "scope": grant.scope,
        }

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.middleware("http")
        async def count(request: Request, call_next: Any) -> Any:
            self.hits[request.url.path] = self.hits.get(request.url.path, 0) + 1
            return await call_next(request)

        @app.get("/.well-known/openid-configuration")
        def discovery() -> Response:
            return self.discovery()

        @app.get("/jwks")
        def jwks() -> Response:
            return JSONResponse({"keys": [k.public() for k in self.keys]})

        @app.get("/authorize")
        def authorize(request: Request) -> Response:
            return self.authorize(dict(request.query_params))

        @app.post("/par")
        async def par(request: Request) -> Response:
            form = {name: str(value) for name, value in (await request.form()).items()}
            return self.push(request.headers.get("authorization", ""), form)

        @app.post("/token")
        def token(
            request: Request, code: str = Form(), redirect_uri: str = Form(), code_verifier: str = Form()
        ) -> Response:
            form = {"code": code, "redirect_uri": redirect_uri, "code_verifier": code_verifier}
            return self.token(request.headers.get("authorization", ""), form)

        @app.get("/userinfo")
        def userinfo() -> Response:
            return JSONResponse(self.do.userinfo(dict(self.do.claims)), self.do.userinfo_status)

        @app.get("/logout")
        def logout() -> Response:
            return Response("signed out")

        return app


class Server:
    """Serves an ASGI app on a free loopback port, in a thread."""

    def __init__(self, app: ASGIApp) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True
        )

    def __enter__(self) -> Server:
        self._thread.start()
        deadline = time.monotonic() + 10
        while not self._server.started:
            if time.monotonic() > deadline:
                raise RuntimeError("the test server did not start")
            time.sleep(0.01)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        self._socket.close()
