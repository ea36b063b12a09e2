"""The eKYC engine in this process: the only module of ``idp`` that imports ``ekyc``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from ekyc.app import build_verifications, check_settings
from ekyc.errors import EkycError
from ekyc.errors import message as engine_message
from ekyc.registry.wire import person_to_json
from ekyc.settings import SettingInvalid, read_settings
from ekyc.usecases.verification import Verifications
from idp.adapters.ekyc_http import check_outcome, frame_progress, profile
from idp.domain.errors import CheckRefused, IdpError
from idp.domain.models import Profile
from idp.ports import CheckOutcome, FrameProgress, StartedCheck


class EmbeddedChecker:
    """Implements ``ports.IdentityChecker`` on the library; models load at the first picture."""

    def __init__(self, data: Path) -> None:
        """Raises IdpError("setting_invalid") for a setting of the engine."""
        try:
            self._settings = read_settings(data)
            check_settings(self._settings)
        except SettingInvalid as error:
            raise IdpError("setting_invalid", str(error)) from None

    @cached_property
    def _engine(self) -> Verifications:
        return build_verifications(self._settings)

    def start(self) -> StartedCheck:
        started = self._engine.start()
        return StartedCheck(started.id, started.challenge)

    def add_document(self, check_id: str, side: str, image: bytes) -> None:
        with _refusals():
            self._engine.add_document(check_id, "front" if side == "front" else "back", image)

    def add_frames(self, check_id: str, frames: list[tuple[int, bytes]]) -> FrameProgress:
        with _refusals():
            return frame_progress(self._engine.add_frames(check_id, frames).to_json())

    def restart_face(self, check_id: str) -> tuple[str, ...]:
        with _refusals():
            return self._engine.restart_face(check_id).challenge

    def decide(self, check_id: str) -> CheckOutcome:
        with _refusals():
            return check_outcome(self._engine.decide(check_id).to_json())

    def discard(self, check_id: str, *, enrolled: bool = False) -> None:
        try:
            self._engine.delete(check_id, enrolled=enrolled)
        except EkycError as error:
            if error.code != "verification_not_found":
                raise

    def person(self, number: str) -> Profile:
        with _refusals():
            return profile(person_to_json(self._engine.person_for_officer(number)))

    def message(self, code: str, locale: str) -> str:
        return engine_message(code, locale)


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except EkycError as error:
        raise CheckRefused(error.code, error.detail, status=error.status) from error
