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

from examples.demo.addresses import Addresses, PortTakenError
from examples.demo.browser import NoBrowserError
from examples.demo.citizens import SampleCitizen
from examples.demo.journey import play
from examples.demo.processes import Processes, ServiceError
from examples.demo.stack import FolderError, Recipe, Stack, admin_link, open_stack


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
    parser.add_argument("--port-base", type=int, help="ports BASE to BASE+3, BASE+101, BASE+102")
    parser.add_argument(
        "--citizen",
        default="04",
        metavar="ID",
        choices=[f"{number:02d}" for number in range(1, 14)],
        help="sample citizen who enrols, 01 to 13; default: %(default)s",
    )
    parser.add_argument("--photograph", choices=("easy", "ordinary", "hard"), default="ordinary")
    parser.add_argument("--count", type=int, default=2000, help="people in the registry")
    parser.add_argument("--seed", type=int, default=2026)
    return parser


def _terminate(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _demo(options: argparse.Namespace, cleanup: ExitStack) -> int:
    addresses = Addresses.from_base(options.port_base) if options.port_base else Addresses()
    recipe = Recipe(options.count, options.seed, options.photograph, options.keep)
    stack = cleanup.enter_context(open_stack(options.data.absolute(), addresses, recipe, _said))
    _announce(stack, options.citizen)
    held = options.no_journey or _journey(stack, options.citizen)
    if options.once:
        return 0 if held else 1
    return _serve(stack.processes) or (0 if held else 1)


def _journey(stack: Stack, sample_id: str) -> bool:
    print("The journey of one citizen, in a browser at phone size:", flush=True)
    folder = stack.data / "journey"
    steps = play(stack, stack.citizen(sample_id), folder)
    print(f"  screenshots: {_near(folder)}")
    print(steps.summary(), flush=True)
    return steps.passed == steps.total


def _said(what: str, seconds: float) -> None:
    print(f"  {seconds:6.1f} s  {what}", flush=True)


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
  MOCK text messages     {at.sms_url}
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
