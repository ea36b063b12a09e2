"""Which card it is, and which side, without being told; papers that are no valid card are named."""

from __future__ import annotations

import dataclasses
import random
from datetime import date
from pathlib import Path

import pytest

from ekyc.document.fuse import fuse
from ekyc.document.read import read_side
from ekyc.errors import EkycError, message
from ekyc.registry.engine import open_engine
from ekyc.registry.person import Card, Person
from ekyc.registry.seed import make_person
from ekyc.registry.store import RegistryStore
from ekyc.specimen.papers import Paper, print_paper
from ekyc.specimen.photograph import Level, photograph
from ekyc.specimen.printer import print_card
from tests.unit.ekyc.document.conftest import CAN_CUOC, CHIP

OLD = dataclasses.replace(CAN_CUOC, card=Card("cccd_barcode", date(2018, 5, 10), date(2025, 6, 17), "valid"))
YOUNG = dataclasses.replace(CHIP, card=Card("cccd_barcode", date(2020, 6, 1), date(2029, 3, 15), "valid"))


@pytest.mark.parametrize(("level", "wanted"), [("ordinary", OLD), ("easy", YOUNG)])
def test_the_card_of_2016_is_read_until_its_date(level: Level, wanted: Person) -> None:
    card = print_card(wanted)
    front, back = (read_side(photograph(side, level, 4)) for side in (card.front, card.back))
    reading = fuse(front, back, today=date(2026, 11, 22))
    values = {name: field.value for name, field in reading.fields.items()}
    assert values == {
        "document_type": "cccd_barcode",
        "number": wanted.number,
        "full_name": wanted.full_name.upper(),
        "date_of_birth": wanted.date_of_birth.isoformat(),
        "sex": wanted.sex,
        "nationality": "Việt Nam",
        "place_of_origin": wanted.place_of_origin,
        "place_of_residence": wanted.place_of_residence,
        "date_of_issue": wanted.card.date_of_issue.isoformat(),
        "date_of_expiry": "2025-06-17" if wanted is OLD else "2029-03-15",
    }
    checks = {check.name: check.outcome for check in reading.checks}
    assert {name for name, outcome in checks.items() if outcome == "fail"} <= {"not_expired"}
    # nothing but print ties its back to its front: an officer looks
    assert checks["sides_belong_together"] == "unavailable"
    assert checks["issue_date_fits_type"] == checks["expiry_rule"] == "pass"
    assert checks["not_expired"] == ("fail" if wanted is OLD else "pass")


@pytest.mark.parametrize(
    ("paper", "code", "detail"),
    [
        ("cmnd_9_front", "card_cmnd_ended", "cmnd_9"),
        ("cmnd_9_back", "card_cmnd_ended", "cmnd_9"),
        ("cmnd_12_front", "card_cmnd_ended", "cmnd_12"),
        ("cmnd_12_back", "card_cmnd_ended", "cmnd_"),
        ("driving_licence", "card_other_paper", "driving licence"),
        ("health_insurance", "card_other_paper", "health insurance card"),
        ("passport_page", "card_other_paper", "passport"),
        ("student_card", "card_other_paper", "student card"),
        ("bank_card", "card_other_paper", ""),
    ],
)
def test_other_papers_are_refused_by_name(paper: Paper, code: str, detail: str) -> None:
    with pytest.raises(EkycError) as caught:
        read_side(photograph(print_paper(paper, OLD), "ordinary", 5))
    assert (caught.value.code, detail in caught.value.detail) == (code, True)
    assert "căn cước" in message(code, "vi")


def test_the_registry_can_hold_a_card_of_2016(tmp_path: Path) -> None:
    person = make_person(random.Random(3), kind="cccd_barcode", date_of_birth=date(1950, 1, 2))
    assert date(2016, 1, 1) <= person.card.date_of_issue < date(2021, 1, 23)
    store = RegistryStore(open_engine(f"sqlite:///{tmp_path}/registry.db"))
    store.add(person)
    found = store.get(person.number)
    store.close()
    assert found is not None
    assert found.card == person.card
