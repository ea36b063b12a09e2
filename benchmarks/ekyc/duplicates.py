"""The search among everyone enrolled: ``python -m benchmarks.ekyc.duplicates 10000 1000000 3100000``.

Templates are drawn from a normal distribution with the mean and covariance of measured ones: of the sample
citizens, or of a file (``--like templates.npy``, one row a person). Processor time and time on the clock are
both given; other work on the machine lengthens only the latter.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from sqlalchemy import insert

from ekyc.duplicates.flat_index import FlatIndex
from ekyc.duplicates.ports import Vectors
from ekyc.duplicates.seal import Seal
from ekyc.duplicates.search import Duplicates
from ekyc.face.calibration import DEFAULT_ENGINE, TEMPLATE, shipped_calibration
from ekyc.face.dlib_engine import dlib_engine
from ekyc.face.match import embed_photo
from ekyc.face.vectors import unit
from ekyc.specimen.samples import sample_citizens
from ekyc.store.engine import open_engine
from ekyc.store.faces import SqlFaceStore
from ekyc.store.tables import enrolled_faces

QUERIES = 200
BLOCK = 100_000
STORED = 1_000_000  # larger ones are not written to a database here
NEAR = 10


def measured(like: Path | None) -> np.ndarray:
    if like is not None:
        return unit(np.load(like))
    engine = dlib_engine()
    citizens = sample_citizens()
    photos = [photo for one in citizens for photo in (one.portrait(), one.selfie())]
    return np.stack([embed_photo(photo, engine) for photo in photos])


def people(count: int, like: np.ndarray) -> Vectors:
    rng = np.random.default_rng(1)
    spread = np.cov(like.T)
    spread += np.eye(len(spread)) * np.trace(spread) / len(spread) * 0.05
    mix = np.linalg.cholesky(spread).T.astype(np.float32)
    out = np.empty((count, like.shape[1]), dtype=np.float32)
    for first in range(0, count, BLOCK):
        noise = rng.standard_normal((min(BLOCK, count - first), like.shape[1]), dtype=np.float32)
        out[first : first + BLOCK] = unit(noise @ mix + like.mean(axis=0).astype(np.float32))
    return out


def looks(everybody: Vectors) -> Vectors:
    """Half are other photos of somebody enrolled, half are strangers'."""
    rng = np.random.default_rng(2)
    some = everybody[rng.choice(len(everybody), QUERIES, replace=False)]
    apart = np.linspace(0.05, 0.6, QUERIES, dtype=np.float32)[:, None]
    noise = unit(rng.standard_normal(some.shape)).astype(np.float32)
    return unit(some + apart * noise).astype(np.float32)


def exact(everybody: Vectors, queries: Vectors) -> list[set[int]]:
    """The nearest ones in 32-bit arithmetic."""
    best: list[list[tuple[float, int]]] = [[] for _ in queries]
    for first in range(0, len(everybody), BLOCK):
        table = queries @ everybody[first : first + BLOCK].T
        for query, row in enumerate(table):
            for place in np.argpartition(-row, NEAR)[:NEAR]:
                best[query].append((-float(row[place]), first + int(place)))
    return [{number for _, number in sorted(found)[:NEAR]} for found in best]


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Processor and clock seconds."""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return time.process_time() - processor, time.perf_counter() - clock


def memory() -> int:
    """Resident bytes now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def measure(count: int, like: np.ndarray) -> None:
    everybody = people(count, like)
    queries = looks(everybody)
    wanted = exact(everybody, queries)
    index, before = FlatIndex(everybody.shape[1]), memory()

    def build() -> None:
        for first in range(0, count, BLOCK):
            rows = everybody[first : first + BLOCK]
            index.add(range(first, first + len(rows)), rows)

    built, size = timed(build), memory()
    answers, costs = [], []
    for query in queries:
        costs.append(timed(lambda query=query: answers.append(index.nearest(query, NEAR))))  # type: ignore[misc]
    right = sum(len({n for n, _ in found} & want) for found, want in zip(answers, wanted, strict=True))
    cpu, clock = np.percentile(np.array(costs) * 1000, (50, 95), axis=0).T
    limit = shipped_calibration(DEFAULT_ENGINE).distance(TEMPLATE, min(1e-4, 1e-3 / count))
    added, removed = timed(lambda: index.add([count], queries[:1])), timed(lambda: index.remove([count // 2]))
    print(
        f"{count:>9,}: recall {right / NEAR / QUERIES:.2%} of the {NEAR} nearest of {QUERIES}; "
        f"limit {limit:.3f}\n"
        f"  search CPU ms p50 {cpu[0]:.1f}, p95 {cpu[1]:.1f}; clock p50 {clock[0]:.1f}, p95 {clock[1]:.1f}\n"
        f"  filled in {built[0]:.1f} s CPU, {(size - before) / 2**20:.0f} MiB; "
        f"one more {added[0] * 1000:.2f} ms, one less {removed[0] * 1000:.1f} ms",
        flush=True,
    )
    if count <= STORED:
        del index
        from_store(everybody)


def from_store(everybody: Vectors) -> None:
    """Everybody into a database, encrypted, and from there into the index of a new process."""
    calibration, seal = shipped_calibration(DEFAULT_ENGINE), Seal(bytes(32))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ekyc.db"
        engine = open_engine(f"sqlite:///{path}")

        def write() -> None:
            for first in range(0, len(everybody), BLOCK):
                rows = [
                    {
                        "position": first + place + 1,
                        "verification_id": f"ver_{first + place:027d}",
                        "person": f"{first + place:064d}",
                        "engine": calibration.engine,
                        "template": seal.close(row, f"ver_{first + place:027d}", calibration.engine),
                        "created_at": datetime(2026, 1, 1, tzinfo=UTC),
                        "kept": True,
                    }
                    for place, row in enumerate(everybody[first : first + BLOCK])
                ]
                with engine.begin() as connection:
                    connection.execute(insert(enrolled_faces), rows)

        write()
        duplicates = Duplicates(SqlFaceStore(engine), seal, calibration)
        first = timed(lambda: duplicates.search("nobody", everybody[0].astype(np.float64), 1e-3, 1e-4))
        second = timed(lambda: duplicates.search("nobody", everybody[1].astype(np.float64), 1e-3, 1e-4))
        print(
            f"  database {path.stat().st_size / 2**20:.0f} MiB; first search of a process, with filling, "
            f"{first[0]:.1f} s CPU, {first[1]:.1f} s; the next {second[0] * 1000:.1f} ms CPU",
            flush=True,
        )
        engine.dispose()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("people", type=int, nargs="+")
    parser.add_argument("--like", type=Path, help="measured templates, one row a person (.npy)")
    arguments = parser.parse_args()
    like = measured(arguments.like)
    for count in arguments.people:
        measure(count, like)


if __name__ == "__main__":
    main()
