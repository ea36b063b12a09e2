"""``python -m examples.demo``: seed, print cards, serve, play the citizen, keep serving."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

from playwright.sync_api import Error as BrowserError
from tqdm import tqdm

from examples.demo.addresses import Addresses, PortTakenError
from examples.demo.browser import NoBrowserError
from examples.demo.citizens import SampleCitizen, print_cards, seed_registry
from examples.demo.journey import play
from examples.demo.processes import Processes, ServiceError
from examples.demo.stack import FolderError, Stack, admin_link, claimed_folder, start_apps, start_services


def main(argv: list[str] | None = None) -> int:
    """Exit code 0 when every step of the journey held, 1 when something failed, 130 on Ctrl-C before that."""
    options = _parser().parse_args(argv)
    signal.signal(signal.SIGTERM, _terminate)
    try:
        with ExitStack() as stack:
            return _demo(options, stack)
    except (PortTakenError, FolderError, ServiceError, NoBrowserError, BrowserError) as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ndemo: stopped")
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m examples.demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="end after the journey")
    parser.add_argument("--no-journey", action="store_true", help="only serve")
    parser.add_argument("--keep", action="store_true", help="keep the data of the last run")
    parser.add_argument("--data", type=Path, default=Path("var/demo"), help="default: %(default)s")
    parser.add_argument("--port-base", type=int, help="ports BASE to BASE+2, BASE+101, BASE+102")
    parser.add_argument("--citizen", default="04", help="sample citizen who enrols, 01 to 13")
    parser.add_argument("--photograph", choices=("easy", "ordinary", "hard"), default="ordinary")
    parser.add_argument("--count", type=int, default=2000, help="people in the registry")
    parser.add_argument("--seed", type=int, default=2026)
    return parser


def _terminate(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _demo(options: argparse.Namespace, cleanup: ExitStack) -> int:
    addresses = Addresses.from_base(options.port_base) if options.port_base else Addresses()
    addresses.check_free()
    data = cleanup.enter_context(claimed_folder(options.data.absolute(), keep=options.keep))
    processes = cleanup.enter_context(Processes(data / "logs"))
    stack = _prepare(options, data, addresses, processes)
    _announce(stack, options.citizen)
    held = True
    if not options.no_journey:
        print("The journey of one citizen, in a browser at phone size:", flush=True)
        steps = play(stack, stack.citizen(options.citizen), data / "journey")
        held = steps.passed == steps.total
        print(f"  screenshots: {_near(data / 'journey')}")
        print(steps.summary(), flush=True)
    if options.once:
        return 0 if held else 1
    return _serve(processes) or (0 if held else 1)


def _prepare(options: argparse.Namespace, data: Path, addresses: Addresses, processes: Processes) -> Stack:
    log = processes.log_of("commands")
    began = time.monotonic()
    citizens = seed_registry(data, log, count=options.count, seed=options.seed)
    if options.citizen not in {citizen.id for citizen in citizens}:
        raise ServiceError(f"there is no sample citizen {options.citizen!r}")
    _said(f"MOCK registry: {options.count} invented people, {len(citizens)} sample citizens", began)
    began = time.monotonic()
    wanted = [citizen for citizen in citizens if not (options.keep and citizen.front.exists())]
    with tqdm(total=len(wanted), desc="  printing cards", leave=False, disable=None, file=sys.stdout) as bar:
        print_cards(data, log, wanted, photograph=options.photograph, each=bar.update)
    _said(f"specimen cards printed and photographed: {_near(data / 'cards')}", began)
    began = time.monotonic()
    start_services(processes, data, addresses)
    start_apps(processes, data, addresses)
    _said("provider, eKYC engine, registry and two city apps are up", began)
    return Stack(data, addresses, tuple(citizens), processes)


def _said(what: str, began: float) -> None:
    print(f"  {time.monotonic() - began:6.1f} s  {what}", flush=True)


def _announce(stack: Stack, enrolling: str) -> None:
    free: SampleCitizen = next(one for one in stack.citizens if one.id not in {enrolling, "02"})
    at = stack.addresses
    print(
        f"""
  Dịch vụ công           {at.dich_vu_cong_url}
  Phản ánh hiện trường   {at.phan_anh_url}
  Provider               {at.issuer}
  eKYC engine            {at.ekyc_url}/openapi.json
  MOCK registry          {at.registry_url}
  A citizen to play with {free.full_name}, number {free.number}
                         card photos: {_near(free.cards)}
  Administrator          {admin_link(stack.data, at, stack.processes.log_of("commands"))}
""",
        flush=True,
    )


def _near(path: Path) -> Path:
    """Relative to where the user stands, when that is shorter."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _serve(processes: Processes) -> int:
    print("Serving; Ctrl-C ends it.", flush=True)
    try:
        while not (sorry := processes.ended()):
            time.sleep(1)
    except KeyboardInterrupt:
        print("\ndemo: stopping")
        return 0
    print(f"demo: {sorry}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
