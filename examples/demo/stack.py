"""The running demo: three services, two city apps, the sample citizens and their cards."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from examples.demo.addresses import Addresses
from examples.demo.citizens import SampleCitizen, print_cards, seed_registry
from examples.demo.processes import Processes, Service, command, run_command
from examples.demo.sms_gateway import TOKEN_VARIABLE

_MARKER = ".motcham-demo"
OPERATOR = "Tỉnh Thái Nguyên"
_SMS = {TOKEN_VARIABLE: secrets.token_hex(16)}  # shared by the MOCK gateway and the provider


class FolderError(Exception):
    """The data folder cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class CityApp:
    """One of the two apps: its name to citizens, its module and its public address."""

    name: str
    slug: str
    module: str
    url: str
    port: int


@dataclass(frozen=True, slots=True)
class Stack:
    """Everything that runs, for the journey and for tests."""

    data: Path
    addresses: Addresses
    citizens: tuple[SampleCitizen, ...]
    processes: Processes

    def citizen(self, sample_id: str) -> SampleCitizen:
        """The sample citizen with that id ("01" to "13"). Raises KeyError."""
        return {citizen.id: citizen for citizen in self.citizens}[sample_id]


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a stack is made of. photograph: how hard the card photos are. keep: reuse the last run's data."""

    count: int = 2000
    seed: int = 2026
    photograph: str = "ordinary"
    keep: bool = False


@contextmanager
def open_stack(
    data: Path,
    addresses: Addresses,
    recipe: Recipe | None = None,
    say: Callable[[str, float], None] = lambda what, seconds: None,
) -> Iterator[Stack]:
    """Seed, print the cards, start everything; leaving the context stops it.

    say: told each thing that is done, with its seconds. Raises PortTakenError, FolderError, ServiceError.
    """
    recipe = recipe or Recipe()
    addresses.check_free()
    with claimed_folder(data, keep=recipe.keep), Processes(data / "logs") as processes:
        log = processes.log_of("commands")
        began = time.monotonic()
        citizens = seed_registry(data, log, count=recipe.count, seed=recipe.seed)
        say(
            f"MOCK registry: {recipe.count} invented people, {len(citizens)} sample citizens",
            time.monotonic() - began,
        )
        began = time.monotonic()
        _cards(data, log, [one for one in citizens if not one.back.exists()], recipe.photograph)
        say(f"specimen cards printed and photographed into {data / 'cards'}", time.monotonic() - began)
        began = time.monotonic()
        start_services(processes, data, addresses)
        start_apps(processes, data, addresses)
        say("provider, eKYC engine, registry and two city apps are up", time.monotonic() - began)
        yield Stack(data, addresses, tuple(citizens), processes)


def _cards(data: Path, log: Path, citizens: list[SampleCitizen], photograph: str) -> None:
    with tqdm(
        total=len(citizens), desc="  printing cards", leave=False, disable=None, file=sys.stdout
    ) as bar:
        print_cards(data, log, citizens, photograph=photograph, each=bar.update)


def city_apps(addresses: Addresses) -> tuple[CityApp, CityApp]:
    """The app for birth records and the app for reports."""
    return (
        CityApp(
            "Dịch vụ công",
            "dich_vu_cong",
            "examples.dich_vu_cong.app:create_app",
            addresses.dich_vu_cong_url,
            addresses.dich_vu_cong,
        ),
        CityApp(
            "Phản ánh hiện trường",
            "phan_anh",
            "examples.phan_anh.app:create_app",
            addresses.phan_anh_url,
            addresses.phan_anh,
        ),
    )


@contextmanager
def claimed_folder(data: Path, *, keep: bool) -> Iterator[Path]:
    """Own ``data`` for as long as the context lasts; empty it first unless ``keep``.

    Raises FolderError when another demo runs in it, or when it holds something that no demo made.
    """
    marker = data / _MARKER
    if data.exists() and any(data.iterdir()) and not marker.exists():
        raise FolderError(f"{data} is not empty and was not made by the demo; name another with --data")
    data.mkdir(parents=True, exist_ok=True)
    with marker.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FolderError(f"another demo is running in {data}; stop it or name another --data") from None
        if not keep:
            _empty(data)
        (data / "logs").mkdir(exist_ok=True)
        yield data


def _empty(data: Path) -> None:
    for item in data.iterdir():
        if item.is_dir() and not item.is_symlink():
            shutil.rmtree(item)
        elif item.name != _MARKER:
            item.unlink()


def start_services(processes: Processes, data: Path, addresses: Addresses) -> None:
    """Registry, eKYC engine, text messages and provider; returns when all are ready. Raises ServiceError."""
    ekyc, folder = command("ekyc"), str(data)
    for name, argv, port, env in (
        ("registry", [ekyc, "registry", "serve", "--data", folder], addresses.registry, {}),
        ("ekyc", [ekyc, "serve"], addresses.ekyc, _ekyc_environment(data, addresses)),
        (
            "provider",
            [command("idp"), "serve", "--data", folder],
            addresses.provider,
            idp_environment(addresses),
        ),
    ):
        ready = f"http://127.0.0.1:{port}/readyz"
        processes.start(Service(name, [*argv, "--port", str(port)], ready, env))
    _start_app(processes, "sms", "examples.demo.sms_gateway:create_app", addresses.sms, _SMS)
    processes.wait_ready()


def _ekyc_environment(data: Path, addresses: Addresses) -> dict[str, str]:
    return {"EKYC_DATA": str(data), "EKYC_REGISTRY_URL": addresses.registry_url}


def idp_environment(addresses: Addresses) -> dict[str, str]:
    """For every ``idp`` command, so that all of them mean the same installation."""
    return {
        "IDP_ISSUER": addresses.issuer,
        "IDP_EKYC_URL": addresses.ekyc_url,
        "IDP_SMS_URL": f"{addresses.sms_url}/messages",
        "IDP_SMS_TOKEN": _SMS[TOKEN_VARIABLE],
    }


def start_apps(processes: Processes, data: Path, addresses: Addresses) -> None:
    """Register both city apps with the provider and start them; returns when they answer."""
    for app in city_apps(addresses):
        credentials = _register(data, app, addresses, processes.log_of("commands"))
        env = {
            "MOTCHAM_ISSUER": addresses.issuer,
            "MOTCHAM_CLIENT_ID": credentials["client_id"],
            "MOTCHAM_CLIENT_SECRET": credentials["client_secret"],
            "MOTCHAM_BASE_URL": app.url,
            f"{app.slug.upper()}_DATA": str(data / app.slug),
        }
        _start_app(processes, app.slug, app.module, app.port, env)
    processes.wait_ready()


def _start_app(processes: Processes, name: str, module: str, port: int, env: dict[str, str]) -> None:
    argv = [
        sys.executable,
        "-m",
        "uvicorn",
        module,
        "--factory",
        "--port",
        str(port),
        "--log-level",
        "warning",
    ]
    path = os.pathsep.join([str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")])
    processes.start(Service(name, argv, f"http://127.0.0.1:{port}/healthz", env | {"PYTHONPATH": path}))


def _register(data: Path, app: CityApp, addresses: Addresses, log: Path) -> dict[str, str]:
    argv = [command("idp"), "client", "create", "--data", str(data), "--name", app.name]
    argv += ["--redirect-uri", f"{app.url}/motcham/callback", "--post-logout-redirect-uri", f"{app.url}/"]
    argv += ["--backchannel-logout-uri", f"{app.url}/motcham/backchannel-logout"]
    argv += ["--operator", OPERATOR, "--json"]
    credentials: dict[str, str] = json.loads(run_command(argv, log, idp_environment(addresses)))
    return credentials


def admin_link(data: Path, addresses: Addresses, log: Path) -> str:
    """A fresh one-time address where the administrator sets a password."""
    argv = [command("idp"), "admin", "link", "--data", str(data), "--json"]
    return str(json.loads(run_command(argv, log, idp_environment(addresses)))["url"])
