"""The one error of the engine: a stable machine code and a sentence a citizen can act on.

Sentences live in ``messages/vi.toml`` and ``messages/en.toml`` under the code; a test keeps
``CODES`` and both catalogues complete.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

_MESSAGES = Path(__file__).parent / "messages"

# code -> HTTP status (RFC 9110) that the service answers with
CODES: dict[str, int] = {
    # the file
    "image_empty": 422,
    "image_not_supported": 415,
    "image_too_small": 422,
    "image_too_large": 413,
    "image_truncated": 422,
    # the card in the photo
    "card_not_found": 422,
    "card_several": 422,
    "card_cut_off": 422,
    "card_too_small": 422,
    "card_blurred": 422,
    "card_too_dark": 422,
    "card_glare": 422,
    "card_glare_on_number": 422,
    "card_glare_on_photo": 422,
    "card_unreadable": 422,
    "card_wrong_side": 422,
    "card_same_side_twice": 422,
    "card_sides_differ": 422,
    "card_type_not_accepted": 422,
    "card_cmnd_ended": 422,
    "card_other_paper": 422,
    "card_expired": 422,
    "card_fields_contradict": 422,
    # the chip's files, as a phone read them
    "chip_incomplete": 422,
    "chip_too_large": 413,
    "chip_unreadable": 422,
    "chip_algorithm_not_supported": 422,
    "chip_algorithm_weak": 422,
    "chip_group_unsigned": 422,
    "chip_hash_mismatch": 422,
    "chip_downgraded": 422,
    "chip_signature_invalid": 422,
    "chip_signer_untrusted": 422,
    "chip_signer_expired": 422,
    "chip_signer_revoked": 422,
    "chip_answer_missing": 422,
    "chip_cloned": 422,
    "chip_nonce_used": 409,
    "chip_differs_from_card": 422,
    # the population registry
    "number_invalid": 422,
    "number_unknown": 404,
    "person_deceased": 422,
    "person_under_age": 422,
    "registry_mismatch": 422,
    "card_cancelled": 422,
    "card_replaced": 422,
    "registry_unavailable": 503,
    # the face
    "face_not_found": 422,
    "face_several": 422,
    "face_too_small": 422,
    "face_blurred": 422,
    "face_too_dark": 422,
    "face_too_bright": 422,
    "face_light_uneven": 422,
    "face_turned": 422,
    "face_eyes_covered": 422,
    "face_mouth_covered": 422,
    "face_mismatch": 422,
    # liveness
    "liveness_still": 422,
    "liveness_person_changed": 422,
    "liveness_wrong_order": 422,
    "liveness_timeout": 422,
    "liveness_frames_reused": 422,
    "liveness_camera_changed": 422,
    # the service
    "verification_not_found": 404,
    "verification_incomplete": 409,
    "verification_closed": 409,
    "not_allowed": 403,
    "quota_exceeded": 429,
    "webhook_not_found": 404,
    "webhook_url_refused": 422,
    "webhook_limit": 409,
    "idempotency_key_reused": 422,
    "idempotency_key_in_use": 409,
    "busy": 503,
    "worker_lost": 503,
    "usage": 400,
    "internal": 500,
}


class EkycError(Exception):
    """Raised for every refusal. ``detail`` is for logs and officers and never holds personal data."""

    def __init__(self, code: str, detail: str = "") -> None:
        if code not in CODES:
            raise ValueError(f"unknown error code {code!r}")
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail

    @property
    def status(self) -> int:
        return CODES[self.code]

    def message(self, locale: str = "vi") -> str:
        """The sentence for the citizen, in "vi" or "en" (anything else gets Vietnamese)."""
        return message(self.code, locale)


@cache
def _catalogue(locale: str) -> dict[str, str]:
    return tomllib.loads((_MESSAGES / f"{locale}.toml").read_text(encoding="utf-8"))


def message(code: str, locale: str = "vi") -> str:
    return catalogue(locale)[code]


def catalogue(locale: str = "vi") -> dict[str, str]:
    """Every sentence in "vi" or "en": of each error code, each hint of the face step, each review reason."""
    return _catalogue("en" if locale.lower().startswith("en") else "vi")
