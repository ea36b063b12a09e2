"""Wires the engine: the one module that knows store, registry, reader and face engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from fastapi import FastAPI

from ekyc.chip.verifier import ChipVerifier
from ekyc.document.fuse import fuse
from ekyc.document.read import read_side
from ekyc.face.dlib_engine import dlib_engine
from ekyc.keyfile import secret_key
from ekyc.policy import ChipPolicy, LivenessPolicy, Policy
from ekyc.ports import Registry
from ekyc.registry.client import HttpRegistry
from ekyc.registry.embedded import open_registry
from ekyc.service.app import build_service
from ekyc.settings import Settings
from ekyc.store.engine import open_engine
from ekyc.store.verifications import SqlVerificationStore
from ekyc.types import DocumentReading, Side, SideReading
from ekyc.usecases.verification import Verifications

_KEY_FILE = "ekyc.key"


class DocumentReader:
    """Implements ``ports.CardReader`` with the reader of this package."""

    def read_side(self, image: bytes, expected: Side | None) -> SideReading:
        return read_side(image, expected)

    def fuse(
        self, front: SideReading | None, back: SideReading | None, *, use_qr: bool, today: date
    ) -> DocumentReading:
        first, second = (front, back) if front is not None else (back, None)
        if first is None:
            raise ValueError("no side to fuse")
        return fuse(first, second, use_qr=use_qr, today=today)


def build_verifications(settings: Settings, policy: Policy | None = None) -> Verifications:
    """The use cases on the settings' database and registry. Models load at their first use."""
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    store = SqlVerificationStore(open_engine(settings.resolved_database_url))
    key = secret_key(settings.data / _KEY_FILE)
    policy = policy or build_policy(settings)
    registry, reader = build_registry(settings), DocumentReader()
    chips = ChipVerifier(Path(settings.csca) if settings.csca else None, policy.chip)
    return Verifications(store, registry, dlib_engine, reader, _now, key, policy, chips=chips)


def build_policy(settings: Settings) -> Policy:
    """The province's policy with what the settings change of it."""
    policy = Policy(chip=ChipPolicy(accept_sha1=settings.chip_sha1))
    if settings.min_action_seconds is None:
        return policy
    quick = LivenessPolicy(min_action_ms=round(settings.min_action_seconds * 1000))
    return replace(policy, liveness=quick)


def create_app(settings: Settings, policy: Policy | None = None) -> FastAPI:
    """The HTTP service; see docs/architecture.md for its calls."""
    return build_service(settings, build_verifications(settings, policy), DocumentReader(), dlib_engine)


def build_registry(settings: Settings) -> Registry:
    """Over HTTP where an address is set, else in process."""
    if settings.registry_url:
        return HttpRegistry(settings.registry_url)
    return open_registry(settings.data)


def _now() -> datetime:
    return datetime.now(UTC)
