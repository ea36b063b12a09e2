"""Numbered steps with their seconds, a bar while they run, and evidence when one fails."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TextIO

from tqdm import tqdm


@dataclass(frozen=True, slots=True)
class Step:
    """One step that was taken. ``failure`` is empty when it held."""

    title: str
    seconds: float
    failure: str = ""


@dataclass
class Steps:
    """Runs named steps one after the other; a failing one stops the sequence.

    total: how many steps are planned, for the bar. On anything but a terminal there is no bar,
    only one plain line a step.
    """

    name: str
    total: int
    out: TextIO = field(default_factory=lambda: sys.stdout)
    taken: list[Step] = field(default_factory=list)

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Time one step. Exceptions are noted with the step and go on to the caller."""
        started = time.monotonic()
        failure = ""
        try:
            with self._bar(title):
                yield
        except BaseException as error:
            failure = f"{type(error).__name__}: {error}".strip().splitlines()[0]
            raise
        finally:
            self.taken.append(Step(title, time.monotonic() - started, failure))
            self._report(self.taken[-1])

    @property
    def passed(self) -> int:
        return sum(not step.failure for step in self.taken)

    @property
    def failed(self) -> int:
        return len(self.taken) - self.passed

    def summary(self) -> str:
        """The closing line: ``journey: 12 steps passed, 0 failed, 31.4 s``."""
        seconds = sum(step.seconds for step in self.taken)
        return f"{self.name}: {self.passed} steps passed, {self.failed} failed, {seconds:.1f} s"

    def _report(self, step: Step) -> None:
        mark = "FAILED" if step.failure else "ok"
        print(
            f"  {len(self.taken):2d}/{self.total} {step.seconds:6.1f} s  {mark:6s} {step.title}",
            file=self.out,
        )
        if step.failure:
            print(f"         {step.failure}", file=self.out)
        self.out.flush()

    @contextmanager
    def _bar(self, title: str) -> Iterator[None]:
        if not self.out.isatty():
            yield
            return
        bar = tqdm(
            total=self.total,
            initial=len(self.taken),
            desc=title,
            file=self.out,
            leave=False,
            dynamic_ncols=True,
            bar_format="  {desc} |{bar:30}| {n_fmt}/{total_fmt} {elapsed}",
        )
        done = threading.Event()
        ticking = threading.Thread(target=_tick, args=(bar, done), daemon=True)
        ticking.start()
        try:
            yield
        finally:
            done.set()
            ticking.join()
            bar.close()


def _tick(bar: tqdm[None], done: threading.Event) -> None:
    """Keep the seconds of the bar moving while the step works."""
    while not done.wait(0.2):
        bar.refresh()
