"""Two processes, one object: one of them gets it, on SQLite and on PostgreSQL."""

from __future__ import annotations

import multiprocessing
from collections import Counter

from idp.adapters.vault import Vault
from idp.store.engine import open_engine
from idp.store.sql import SqlStore
from tests.stores.racing import RACES, ROUNDS, prepare, run


def test_two_processes_race_for_everything_that_serves_once(database_url: str) -> None:
    engine = open_engine(database_url)
    with SqlStore(engine, Vault(b"k" * 32)).begin() as tx:
        prepare(tx)
    engine.dispose()
    context = multiprocessing.get_context("spawn")
    barrier, results = context.Barrier(2), context.Queue()
    racers = [context.Process(target=run, args=(database_url, barrier, results)) for _ in range(2)]
    for racer in racers:
        racer.start()
    winners = Counter(won for _ in racers for won in results.get(timeout=120))
    for racer in racers:
        racer.join(30)
        assert racer.exitcode == 0
    assert winners == Counter((name, number) for name in RACES for number in range(ROUNDS))
