"""What the OpenAPI description says of answers: an example of each good one, every code of each refusal."""

from __future__ import annotations

from typing import Any

from ekyc.errors import CODES, message

Responses = dict[int | str, dict[str, Any]]

_PROBLEM = {
    "type": "object",
    "description": "RFC 9457; the sentence is in the language of Accept-Language, Vietnamese or English",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"const": "about:blank"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "a sentence for the citizen"},
        "code": {"enum": sorted(CODES)},
    },
}
_WAIT = {"Retry-After": {"description": "seconds", "schema": {"type": "integer"}}}
_FIELD = {"value": "019304000127", "source": "qr+mrz+print", "confidence": 0.9999}
_READ = {
    "number": _FIELD,
    "full_name": {"value": "Nguyễn Thị Mai Đào", "source": "qr+print", "confidence": 0.99},
    "checks": [{"name": "number_structure", "outcome": "pass", "detail": ""}],
}
_ID = "ver_rX2vH0o0Qq3WJp1yT5k9bQm7sLA"
_CHALLENGE = ["turn_left", "blink", "open_mouth", "turn_right"]

STARTED = {"id": _ID, "challenge": _CHALLENGE, "chip_nonce": "9f86d081884c7d65"}
RENEWED = {"id": _ID, "challenge": _CHALLENGE}
READ = _READ
DOCUMENT = {"sides": ["front"], "complete": False, **_READ}
FACE = {
    "state": "continue",
    "phase": "act",
    "step": 0,
    "action": "turn_left",
    "hint": "turn_left",
    "code": None,
}
STATUS = {
    "id": _ID,
    "state": "open",
    "sides": ["front", "back"],
    "face": FACE,
    "attempts_left": 4,
    "verdict": None,
    "chip": None,
}
DECIDED = {
    "id": _ID,
    "verdict": "reject",
    "level": 0,
    "reasons": ["face_mismatch"],
    "checks": [],
    "fields": {},
    "person": None,
}
_AT = "2026-06-01T09:00:00+00:00"
WEBHOOK = {
    "id": "wh_5c0e3b6d1f0a4c7e9b2d8a61",
    "url": "https://app.example.vn/motcham/events",
    "created_at": _AT,
    "failing_since": None,
    "disabled_at": None,
}
WEBHOOK_MADE = {**WEBHOOK, "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwJZ9dVGd0x2E="}
WEBHOOK_SECRET = {"secret": WEBHOOK_MADE["secret"], "old_secret_until": _AT}
WEBHOOK_MESSAGE = {
    "id": "msg_0b1f6a2e4d8c9b7a3f5e1d20",
    "state": "delivered",
    "attempts": 1,
    "last_result": "204",
    "created_at": _AT,
    "next_attempt_at": _AT,
    "delivered_at": _AT,
}
WEBHOOK_BODY: dict[str, Any] = {
    "type": "verification.accepted",
    "timestamp": _AT,
    "data": {"id": _ID, "verdict": "accept"},
}
MATCH = {"distance": 0.3127, "same_person": True, "engine": "dlib-resnet-v1-mirrored", "threshold": 0.45}


def example(answer: dict[str, Any], status: int = 200) -> Responses:
    """The ``responses`` of a route with this good answer."""
    return {status: {"content": {"application/json": {"example": answer}}}}


def problems() -> Responses:
    """Every status that is no success, with an example for each code that goes with it; 401 has no body code
    of its own."""
    by_status: dict[int, list[str]] = {401: ["usage"]}
    for code, status in CODES.items():
        by_status.setdefault(status, []).append(code)
    return {status: _refusal(status, codes) for status, codes in sorted(by_status.items())}


def _refusal(status: int, codes: list[str]) -> dict[str, Any]:
    content = {"schema": _PROBLEM, "examples": {code: {"value": _body(status, code)} for code in codes}}
    described: dict[str, Any] = {
        "description": ", ".join(codes),
        "content": {"application/problem+json": content},
    }
    return {**described, "headers": _WAIT} if status in (429, 503) else described


def _body(status: int, code: str) -> dict[str, Any]:
    title = code.replace("_", " ").capitalize()
    detail = message(code, "en")
    return {"type": "about:blank", "title": title, "status": status, "detail": detail, "code": code}
