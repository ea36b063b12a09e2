"""How long a health check waits while photos are compared: in the server's process, and in workers.

    python -m benchmarks.ekyc.stall [--seconds 20] [--clients 4]

Milliseconds that ``GET /healthz`` takes every 20 ms while clients send pairs of
portraits, and pairs a second.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from statistics import median, quantiles

import httpx

from ekyc.specimen.samples import sample_citizens


def measure(workers: int, seconds: float, clients: int) -> dict[str, float]:
    """One server of its own; its models are loaded before the clock runs."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "ekyc.cli", "serve", "--data", folder, "--port", "0"]
        environment = {**os.environ, "EKYC_WORKERS": str(workers)}
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:
            assert server.stdout is not None
            url = server.stdout.readline().split()[-1]
            while httpx.get(f"{url}/readyz").status_code != 200:
                time.sleep(0.2)
            try:
                return _load(url, seconds, clients)
            finally:
                server.terminate()


def _load(url: str, seconds: float, clients: int) -> dict[str, float]:
    ended, compared = threading.Event(), []
    threads = [threading.Thread(target=_compare, args=(url, ended, compared)) for _ in range(clients)]
    for thread in threads:
        thread.start()
    waits, until = [], time.monotonic() + seconds
    with httpx.Client(base_url=url, timeout=60) as http:
        while time.monotonic() < until:
            begun = time.perf_counter()
            http.get("/healthz")
            waits.append((time.perf_counter() - begun) * 1000)
            time.sleep(0.02)
    ended.set()
    for thread in threads:
        thread.join()
    return {
        "median_ms": round(median(waits), 1),
        "p95_ms": round(quantiles(waits, n=20)[-1], 1),
        "max_ms": round(max(waits), 1),
        "pairs_per_s": round(len(compared) / seconds, 2),
    }


def _compare(url: str, ended: threading.Event, compared: list[int]) -> None:
    someone = sample_citizens()[0]
    files = {"a": someone.portrait(), "b": someone.selfie()}
    with httpx.Client(base_url=url, timeout=60) as http:
        while not ended.is_set():
            compared.append(http.post("/v1/match", files=files).raise_for_status().status_code)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--clients", type=int, default=4)
    options = parser.parse_args()
    for workers in (0, 2):
        figures = measure(workers, options.seconds, options.clients)
        print(json.dumps({"workers": workers, **figures}), flush=True)


if __name__ == "__main__":
    main()
