"""WebAuthn ceremonies through py_webauthn. The relying party is the provider's own host."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from idp.domain.models import Passkey


class WebAuthnVerifier:
    """Implements ``ports.PasskeyVerifier``: discoverable credentials, user verification required."""

    def __init__(self, issuer: str) -> None:
        parts = urlsplit(issuer)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._rp_id = parts.hostname or ""

    def creation_options(self, user_id: bytes, name: str, exclude: Iterable[bytes]) -> tuple[str, bytes]:
        options = generate_registration_options(
            rp_id=self._rp_id,
            rp_name="Một Chạm ID",
            user_id=user_id,
            user_name=name,
            user_display_name=name,
            exclude_credentials=[PublicKeyCredentialDescriptor(id=id_) for id_ in exclude],
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
        )
        return options_to_json(options), options.challenge

    def verify_creation(self, credential: dict[str, Any], challenge: bytes) -> tuple[bytes, bytes, int]:
        try:
            done = verify_registration_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=self._rp_id,
                expected_origin=self._origin,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, KeyError, TypeError) as error:
            raise ValueError("passkey creation not verified") from error
        return done.credential_id, done.credential_public_key, done.sign_count

    def request_options(self) -> tuple[str, bytes]:
        options = generate_authentication_options(
            rp_id=self._rp_id, user_verification=UserVerificationRequirement.REQUIRED
        )
        return options_to_json(options), options.challenge

    def verify_request(self, credential: dict[str, Any], challenge: bytes, passkey: Passkey) -> int:
        try:
            done = verify_authentication_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=self._rp_id,
                expected_origin=self._origin,
                credential_public_key=passkey.public_key,
                credential_current_sign_count=passkey.sign_count,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, KeyError, TypeError) as error:
            raise ValueError("passkey not verified") from error
        return done.new_sign_count
