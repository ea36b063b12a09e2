"""The eKYC engine as a service of its own, over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Any

import httpx

from idp.domain.errors import CheckRefused
from idp.domain.models import Profile
from idp.ports import CheckOutcome, FrameProgress, StartedCheck


class HttpChecker:
    """Implements ``ports.IdentityChecker`` against ``ekyc serve``. Refusals keep the engine's code."""

    def __init__(self, base_url: str, api_key: str = "") -> None:
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._http = httpx.Client(base_url=base_url.rstrip("/"), timeout=60, headers=headers)
        self._messages: dict[str, dict[str, str]] = {}

    def start(self) -> StartedCheck:
        answer = self._call("POST", "/v1/verifications")
        return StartedCheck(answer["id"], tuple(answer["challenge"]))

    def add_document(self, check_id: str, side: str, image: bytes) -> None:
        self._call("PUT", f"/v1/verifications/{check_id}/documents/{side}", content=image)

    def add_frames(self, check_id: str, frames: list[tuple[int, bytes]]) -> FrameProgress:
        files = [("frames", (f"{at}.jpg", image, "image/jpeg")) for at, image in frames]
        data = {"at": [str(at) for at, _ in frames]}
        answer = self._call("POST", f"/v1/verifications/{check_id}/frames", files=files, data=data)
        return frame_progress(answer)

    def restart_face(self, check_id: str) -> tuple[str, ...]:
        return tuple(self._call("POST", f"/v1/verifications/{check_id}/challenge")["challenge"])

    def decide(self, check_id: str) -> CheckOutcome:
        return check_outcome(self._call("POST", f"/v1/verifications/{check_id}/decision"))

    def discard(self, check_id: str, *, enrolled: bool = False) -> None:
        try:
            self._call("DELETE", f"/v1/verifications/{check_id}", params={"enrolled": enrolled})
        except CheckRefused as refusal:
            if refusal.code not in ("verification_not_found", "ekyc_unavailable"):
                raise

    def person(self, number: str) -> Profile:
        return profile(self._call("POST", "/v1/people/lookup", json={"number": number}))

    def message(self, code: str, locale: str) -> str:
        if not self._messages:
            self._messages = self._call("GET", "/v1/messages")
        return self._messages[locale][code]

    def _call(self, method: str, path: str, **request: Any) -> Any:
        try:
            response = self._http.request(method, path, **request)
        except httpx.HTTPError:
            raise CheckRefused("ekyc_unavailable", "the engine does not answer", status=503) from None
        if response.is_success:
            return response.json() if response.content else None
        try:
            problem = response.json()
            code = str(problem["code"])
        except (ValueError, KeyError, TypeError):
            raise CheckRefused("ekyc_unavailable", f"status {response.status_code}", status=503) from None
        raise CheckRefused(code, status=response.status_code)


def frame_progress(data: dict[str, Any]) -> FrameProgress:
    return FrameProgress(
        state=data["state"],
        phase=data["phase"],
        step=data["step"],
        action=data.get("action"),
        code=data.get("hint"),
    )


def check_outcome(data: dict[str, Any]) -> CheckOutcome:
    person = data.get("person")
    return CheckOutcome(
        verdict=data["verdict"],
        level=data["level"],
        reasons=tuple(data["reasons"]),
        profile=profile(person) if person else None,
        record={key: data[key] for key in ("verdict", "level", "reasons")}
        | {"check_id": data.get("id"), "checks": _passed(data)},
    )


def _passed(data: dict[str, Any]) -> list[str]:
    return [check["name"] for check in data.get("checks", []) if check["outcome"] == "pass"]


def profile(person: dict[str, Any]) -> Profile:
    """The registry's record as the provider keeps it."""
    names = (
        "number",
        "full_name",
        "sex",
        "nationality",
        "place_of_birth",
        "place_of_origin",
        "place_of_residence",
    )
    values = {name: str(person[name]) for name in names}
    card = person.get("card") or {}
    return Profile(
        birthdate=date.fromisoformat(person["date_of_birth"]),
        card_issued=_day(card.get("date_of_issue")),
        card_expires=_day(card.get("date_of_expiry")),
        **values,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
