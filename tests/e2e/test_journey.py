"""What `make demo` shows, as a test: one citizen enrols in one app and needs one tap in the other."""

from __future__ import annotations

from pathlib import Path

import httpx

from examples.demo.journey import play_in
from examples.demo.stack import Stack
from tests.e2e.conftest import FilmedBrowser


def test_every_step_of_the_journey_holds(stack: Stack, browser: FilmedBrowser, tmp_path: Path) -> None:
    steps = play_in(browser.chromium, browser.camera, stack, stack.citizen("04"), tmp_path)
    assert [step for step in steps.taken if step.failure] == []
    assert steps.passed == steps.total == 12
    assert steps.summary().startswith("journey: 12 steps passed, 0 failed, ")
    assert len(list(tmp_path.glob("*.png"))) >= 12


def test_every_process_is_ready_and_none_tells_a_number(stack: Stack) -> None:
    at = stack.addresses
    for port in (at.provider, at.registry, at.ekyc):
        assert httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
    assert stack.processes.ended() is None
    for log in sorted(stack.processes.logs.glob("*.log")):
        written = log.read_text(encoding="utf-8")
        assert not [one.id for one in stack.citizens if one.number in written or one.full_name in written], (
            log.name
        )
