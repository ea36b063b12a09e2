"""Jobs in this process: where the provider embeds the engine, in tests, and where memory is short."""

from __future__ import annotations

import logging
import threading
from typing import Any

from ekyc.workers.gate import Gate
from ekyc.workers.jobs import Jobs

_LOG = logging.getLogger(__name__)


class InProcess:
    """Implements ``ports.Runner``: the caller's thread does the job, as many at once as the gate lets in."""

    def __init__(self, jobs: Jobs, gate: Gate) -> None:
        self._jobs = jobs
        self._gate = gate
        self._loaded = threading.Event()

    @property
    def ready(self) -> bool:
        return self._loaded.is_set()

    def begin(self) -> None:
        """Load the models in the background."""
        # no daemon: a thread that is cut off inside a model takes the process down with an abort
        threading.Thread(target=self._warm, name="warm-up").start()

    def end(self) -> None:
        """Nothing to end."""

    def run(self, job: str, *args: Any) -> Any:
        with self._gate.hold():
            return self._jobs.run(job, *args)

    def _warm(self) -> None:
        try:
            self._jobs.warm()
        except Exception as error:
            _LOG.error("models cannot be loaded: %s", type(error).__name__)
            return
        self._loaded.set()
