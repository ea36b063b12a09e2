"""Typed settings of the engine, prefixed ``EKYC_``, fixed after start."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError


class SettingInvalid(ValueError):
    """The text names the setting and what is wrong, never its value, which may hold a password."""


@dataclass(frozen=True, slots=True)
class FaceModel:
    """A recognition network of the operator's own: ONNX file, its SHA-256 (hexadecimal), its calibration."""

    path: str
    sha256: str
    calibration: str


class Settings(BaseSettings):
    """Where one installation keeps its data and whom it asks.

    registry_url: the registry's HTTP API; empty means the registry in ``data``, in process.
    api_key: when set, every call but the health checks needs ``Authorization: Bearer``; without it
    only callers on this machine are answered.
    min_action_seconds: least time on the server's clock that each action of the face step takes; empty
    means the policy's. 0 only for tests that play a citizen faster than life.
    csca: folder of the CSCA certificates and revocation lists that chips are held to; empty means none.
    chip_sha1: take chips that were signed with SHA-1.
    workers: processes that read pictures; 0 reads them in this process, ``concurrency`` at a time.
    Empty means as many as cores for the service, and 0 where the engine is embedded.
    queue: calls that wait for a worker, up to ``queue_seconds``; more hear "busy" at once.
    job_seconds: a worker that needs longer for one picture is ended and replaced.
    policy: TOML file of thresholds that differ from the usual ones (``ekyc policy show``).
    webhooks_private: webhooks may go to http and private addresses: for tests, and inside one network.
    face_model, face_model_sha256, face_calibration: a face recognition network instead of dlib's (ONNX), all
    three or none; ``ekyc evaluate faces --write-calibration`` makes the last.
    """

    model_config = SettingsConfigDict(env_prefix="EKYC_", frozen=True, extra="ignore")

    data: Path = Path("var/data")
    registry_url: str = ""
    database_url: str = ""
    api_key: str = ""
    min_action_seconds: float | None = Field(default=None, ge=0)
    csca: str = ""
    chip_sha1: bool = False
    concurrency: int = Field(default=4, ge=1)
    workers: int | None = Field(default=None, ge=0, le=256)
    queue: int = Field(default=16, ge=0, le=30)  # waiting calls hold a thread each, of forty
    job_seconds: float = Field(default=25.0, gt=0)
    queue_seconds: float = Field(default=10.0, ge=0)
    policy: str = ""
    webhooks_private: bool = False
    face_model: str = ""
    face_model_sha256: str = ""
    face_calibration: str = ""

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        try:
            if value:
                make_url(value)
        except ArgumentError:
            raise ValueError("not the URL of a database") from None
        return value

    @field_validator("registry_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if value and not value.startswith(("https://", "http://")):
            raise ValueError("must be an http(s) URL")
        return value

    @property
    def resolved_database_url(self) -> str:
        return self.database_url or f"sqlite:///{self.data / 'ekyc.db'}"

    @model_validator(mode="after")
    def _whole_face_model(self) -> Settings:
        parts = self.face_model, self.face_model_sha256, self.face_calibration
        if any(parts) and not all(parts):
            raise ValueError("EKYC_FACE_MODEL_SHA256 and EKYC_FACE_CALIBRATION go with it")
        return self

    @property
    def own_face_model(self) -> FaceModel | None:
        parts = self.face_model, self.face_model_sha256, self.face_calibration
        return FaceModel(*parts) if self.face_model else None


def read_settings(data: Path | None = None) -> Settings:
    """The environment's, with another data folder where one is given. Raises SettingInvalid."""
    try:
        return Settings() if data is None else Settings(data=data)
    except ValidationError as error:
        raise SettingInvalid("; ".join(_problem(each) for each in error.errors())) from None


def _problem(error: Any) -> str:
    name = "_".join(str(part) for part in error["loc"]) or "face_model"  # the one rule about several
    return f"EKYC_{name.upper()}: {str(error['msg']).removeprefix('Value error, ')}"
