"""MOCK SMS gateway: takes what a real one would send, and shows it instead.

``POST /messages`` with {"to", "text"} and the bearer token, as the provider's adapter sends it; ``GET /`` for
people, ``GET /messages`` as JSON, newest first. Everything is in memory and gone when it stops.
"""

from __future__ import annotations

import hmac
import os
from collections import deque
from html import escape
from typing import Any

from fastapi import FastAPI, Header, HTTPException
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

TOKEN_VARIABLE = "MOCK_SMS_TOKEN"
_KEPT = 200
_PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8"><meta http-equiv="refresh" content="5">
<title>MOCK SMS</title><h1>MOCK SMS</h1><p>Tin nhắn không rời máy này. Mới nhất ở trên.</p>
<ul>{rows}</ul></html>"""


class Sms(BaseModel):
    """One message; ``to`` is E.164."""

    to: str = Field(pattern=r"^\+[1-9][0-9]{6,14}$")
    text: str = Field(min_length=1, max_length=1000)


def create_app() -> FastAPI:
    """The server; its token comes from the environment."""
    token, kept = os.environ[TOKEN_VARIABLE], deque[Sms](maxlen=_KEPT)
    app = FastAPI(title="MOCK SMS gateway")

    @app.post("/messages", status_code=202)
    def take(sms: Sms, authorization: str = Header("")) -> dict[str, Any]:
        if not hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode()):
            raise HTTPException(401, "unknown token")
        kept.appendleft(sms)
        return {"mock": True}

    @app.get("/messages")
    def taken() -> dict[str, Any]:
        return {"mock": True, "messages": [sms.model_dump() for sms in kept]}

    @app.get("/", response_class=HTMLResponse)
    def show() -> str:
        rows = (f"<li><b>{escape(sms.to)}</b> {escape(sms.text)}</li>" for sms in kept)
        return _PAGE.format(rows="".join(rows))

    @app.get("/healthz")
    def healthz() -> dict[str, Any]:
        return {"mock": True, "status": "ok"}

    return app
