"""Jobs without models, for worker processes of the tests."""

from __future__ import annotations

import os
import time
from typing import Any

from ekyc.errors import EkycError


class LightJobs:
    def warm(self) -> None:
        """Nothing to load."""

    def run(self, job: str, *args: Any) -> Any:
        if job == "refuse":
            raise EkycError("face_not_found", "nobody")
        if job == "fail":
            raise ValueError("Nguyễn Thị Mai Đào")
        if job == "sleep":
            time.sleep(args[0])
        if job == "die":
            os._exit(1)
        return os.getpid(), *args


def build() -> LightJobs:
    return LightJobs()
