"""Over the phone's NFC: cases 23 to 25."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ekyc.chip.specimen.answer import answer_nonce
from ekyc.chip.specimen.authority import new_csca
from ekyc.chip.specimen.issue import SpecimenChip, issue_chip
from ekyc.errors import EkycError
from tests.ekyc_chips import NOW, csca
from tests.ekyc_world import World
from tests.fraud.conftest import Said, decided


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    folder = tmp_path / "csca"
    folder.mkdir()
    (folder / "csca.cer").write_bytes(csca().encoded)
    made = World(tmp_path, csca=folder)
    yield made
    made.close()


def shown(world: World, verification: str, chip: SpecimenChip, **files: bytes) -> str:
    """The chip answers the nonce that is open; the outcome, or the refusal's code."""
    record = world.store.load(verification)
    assert record is not None
    assert chip.key is not None
    try:
        answer = answer_nonce(chip.key, bytes.fromhex(record.chip.nonce))
        return world.verifications.add_chip(verification, {**chip.files, **files}, answer).trust
    except EkycError as error:
        return error.code


def test_23_the_chip_of_one_card_and_the_photos_of_another(world: World, said: Said) -> None:
    verification = world.with_card(world.person("04"))
    code = shown(world, verification, issue_chip(world.person("12"), csca(), now=NOW))
    assert code == "chip_differs_from_card"
    outcome = decided(world, verification, "04")
    assert (outcome.verdict, outcome.level) == ("review", 0)
    said("reject", code)


def test_24_a_security_object_that_nobody_in_charge_signed(world: World, said: Said) -> None:
    person, started = world.person("04"), world.verifications.start()
    honest = issue_chip(person, csca(), now=NOW)
    assert shown(world, started.id, issue_chip(person, new_csca(now=NOW), now=NOW)) == "chip_signer_untrusted"
    changed = honest.files["dg1"][:-1] + b"X"
    forgeries = {"chip_hash_mismatch": {"dg1": changed}, "chip_unreadable": {"sod": honest.files["sod"][:-9]}}
    for code, files in forgeries.items():
        world.verifications.chip_nonce(started.id)
        assert shown(world, started.id, honest, **files) == code
    said("reject", "chip_signer_untrusted, chip_hash_mismatch")


def test_25_a_copy_of_the_files_on_another_chip(world: World, said: Said) -> None:
    person, started = world.person("04"), world.verifications.start()
    honest, other = (issue_chip(person, csca(), now=NOW) for _ in range(2))
    code = shown(world, started.id, replace(honest, key=other.key))
    assert code == "chip_cloned"
    said("reject", code)
