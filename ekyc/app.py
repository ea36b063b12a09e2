"""Wires the engine: the one module that knows store, registry, reader and face engine."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from fastapi import FastAPI
from sqlalchemy import Engine

from ekyc.chip.anchors import AnchorError
from ekyc.chip.verifier import ChipVerifier
from ekyc.duplicates.seal import Seal
from ekyc.duplicates.search import Duplicates
from ekyc.face.engines import calibration_of, face_engine
from ekyc.keyfile import secret_key
from ekyc.outbound import Outbound
from ekyc.policies.file import PolicyError, read_policy
from ekyc.policy import ChipPolicy, Policy
from ekyc.ports import Registry, Runner
from ekyc.registry.client import HttpRegistry
from ekyc.registry.embedded import open_registry
from ekyc.service.app import build_service
from ekyc.service.deps import Services
from ekyc.settings import SettingInvalid, Settings
from ekyc.store.engine import open_engine
from ekyc.store.faces import SqlFaceStore
from ekyc.store.idempotency import SqlIdempotencyStore
from ekyc.store.tenants import SqlTenantStore
from ekyc.store.verifications import SqlVerificationStore
from ekyc.store.webhooks import SqlWebhookStore
from ekyc.usecases.deliver_webhooks import Deliveries
from ekyc.usecases.idempotency import Idempotency
from ekyc.usecases.tenants import Tenants
from ekyc.usecases.verification import Verifications
from ekyc.usecases.webhooks import Webhooks
from ekyc.workers.calls import RunnerFaces, RunnerReader
from ekyc.workers.gate import Gate
from ekyc.workers.here import InProcess
from ekyc.workers.jobs import build_jobs
from ekyc.workers.pool import WorkerPool

_KEY_FILE = "ekyc.key"


def build_runner(settings: Settings, workers: int) -> Runner:
    """Worker processes, or with 0 of them this process; nothing is loaded before ``begin`` or a first job."""
    if workers == 0:
        gate = Gate(settings.concurrency, settings.queue, settings.queue_seconds)
        return InProcess(build_jobs(settings.own_face_model), gate)
    return WorkerPool(
        workers,
        queue=settings.queue,
        queue_seconds=settings.queue_seconds,
        job_seconds=settings.job_seconds,
        arguments=(settings.own_face_model,),
    )


def build_verifications(
    settings: Settings, policy: Policy | None = None, runner: Runner | None = None
) -> Verifications:
    """The use cases on the settings' database and registry. Models load at their first use.

    runner: without one, as many workers as the settings ask for; where they say nothing, this process.
    """
    runner = runner or build_runner(settings, settings.workers or 0)
    store = SqlVerificationStore(_database(settings))
    policy = policy or build_policy(settings)
    faces, reader = RunnerFaces(runner), RunnerReader(runner)
    chips = build_chip_verifier(settings, policy.chip)
    registry, key = build_registry(settings), _key(settings)
    duplicates = build_duplicates(settings)
    return Verifications(
        store, registry, faces, reader, _now, key, policy, chips=chips, duplicates=duplicates
    )


def build_duplicates(settings: Settings) -> Duplicates:
    """Who is enrolled already."""
    calibration = calibration_of(settings.own_face_model)
    return Duplicates(SqlFaceStore(_database(settings)), Seal(_key(settings)), calibration)


def build_chip_verifier(settings: Settings, policy: ChipPolicy) -> ChipVerifier:
    """On the settings' certificates. Raises SettingInvalid."""
    try:
        return ChipVerifier(Path(settings.csca) if settings.csca else None, policy)
    except AnchorError as error:
        raise SettingInvalid(f"EKYC_CSCA: {error}") from None


def check_settings(settings: Settings) -> None:
    """What a start would refuse; of the engine only a face model of the operator's is loaded.

    Raises SettingInvalid.
    """
    build_chip_verifier(settings, build_policy(settings).chip)
    if settings.own_face_model is not None:
        face_engine(settings.own_face_model)  # tried where an error is read, before a worker loads it


def build_policy(settings: Settings) -> Policy:
    """The operator's file over the usual policy, and what other settings change of it.

    Raises SettingInvalid.
    """
    try:
        policy = read_policy(Path(settings.policy)) if settings.policy else Policy()
    except PolicyError as error:
        raise SettingInvalid(f"EKYC_POLICY: {error}") from None
    policy = replace(policy, face=policy.face.calibrated(calibration_of(settings.own_face_model)))
    if settings.chip_sha1:
        policy = replace(policy, chip=replace(policy.chip, accept_sha1=True))
    if settings.min_action_seconds is None:
        return policy
    quick = round(settings.min_action_seconds * 1000)
    return replace(policy, liveness=replace(policy.liveness, min_action_ms=quick))


def build_tenants(settings: Settings) -> Tenants:
    """Who may use the service."""
    return Tenants(SqlTenantStore(_database(settings)), _now)


def build_webhooks(settings: Settings) -> Webhooks:
    """Where tenants are told of their verifications."""
    store = SqlWebhookStore(_database(settings))
    return Webhooks(store, _now, _key(settings), private=settings.webhooks_private)


def build_verification_store(settings: Settings) -> SqlVerificationStore:
    """For looking at what was decided; nothing is loaded."""
    return SqlVerificationStore(_database(settings))


def create_app(settings: Settings, policy: Policy | None = None) -> FastAPI:
    """The HTTP service; see docs/architecture.md for its calls. Raises SettingInvalid."""
    check_settings(settings)
    workers = settings.workers if settings.workers is not None else _cores()
    runner = build_runner(settings, workers)
    verifications = build_verifications(settings, policy, runner)
    engine = _database(settings)
    idempotency = Idempotency(SqlIdempotencyStore(engine), _now)
    sender = Outbound(private=settings.webhooks_private)
    deliveries = Deliveries(SqlWebhookStore(engine), sender, _now, _key(settings))
    services = Services(
        verifications,
        RunnerReader(runner),
        runner,
        build_tenants(settings),
        idempotency,
        build_webhooks(settings),
        settings.api_key,
    )
    return build_service(settings, services, deliveries.deliver_next)


def build_registry(settings: Settings) -> Registry:
    """Over HTTP where an address is set, else in process."""
    if settings.registry_url:
        return HttpRegistry(settings.registry_url)
    return open_registry(settings.data)


def _database(settings: Settings) -> Engine:
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    return open_engine(settings.resolved_database_url)


def _key(settings: Settings) -> bytes:
    return secret_key(settings.data / _KEY_FILE)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _now() -> datetime:
    return datetime.now(UTC)
