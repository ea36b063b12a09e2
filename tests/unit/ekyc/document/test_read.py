"""From photo to reading: what must simply work."""

from __future__ import annotations

import dataclasses
import io
import json
from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
from PIL import Image as PilImage

from ekyc.document.fuse import fuse
from ekyc.document.read import read_document, read_side
from ekyc.document.serialise import from_dict, to_dict
from ekyc.image import decode
from ekyc.specimen.photograph import photograph
from ekyc.specimen.printer import PrintedCard, print_card
from ekyc.types import FIELD_NAMES, DocumentReading
from tests.unit.ekyc.document.conftest import CAN_CUOC, CHIP, Photo

CHIP_FIELDS = {
    "document_type": "cccd_chip",
    "number": "019304000127",
    "full_name": "NGUYỄN THỊ MAI ĐÀO",
    "date_of_birth": "2004-03-15",
    "sex": "female",
    "nationality": "Việt Nam",
    "place_of_origin": "Hóa Thượng, Đồng Hỷ, Thái Nguyên",
    "place_of_residence": "Tổ 5, Phan Đình Phùng, Thành phố Thái Nguyên, Thái Nguyên",
    "date_of_issue": "2021-05-10",
    "date_of_expiry": "2029-03-15",
}
CAN_CUOC_FIELDS = {
    "document_type": "can_cuoc",
    "number": "019065000018",
    "full_name": "TRẦN VĂN ĐỨC",
    "date_of_birth": "1965-06-17",
    "sex": "male",
    "nationality": "Việt Nam",
    "place_of_origin": None,
    "place_of_residence": "Xóm 7, Chợ Chu, Định Hóa, Thái Nguyên",
    "date_of_issue": "2025-02-03",
    "date_of_expiry": None,
}


def values(reading: DocumentReading) -> dict[str, str | None]:
    return {name: field.value for name, field in reading.fields.items()}


def outcomes(reading: DocumentReading) -> dict[str, str]:
    return {check.name: check.outcome for check in reading.checks}


def png(pixels: np.ndarray) -> bytes:
    out = io.BytesIO()
    PilImage.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("level", ["easy", "ordinary"])
@pytest.mark.parametrize("use_qr", [True, False])
def test_both_sides_of_the_chip_card(photo: Photo, level: str, use_qr: bool) -> None:
    front, back = photo("chip", "front", level), photo("chip", "back", level)
    reading = read_document(front, back, use_qr=use_qr, today=date(2026, 1, 1))
    assert values(reading) == CHIP_FIELDS
    assert "fail" not in outcomes(reading).values()
    assert reading.fields["number"].source == ("qr+mrz+print" if use_qr else "mrz+print")
    assert outcomes(reading)["number_agrees"] == "pass"
    assert outcomes(reading)["expiry_rule"] == "pass"


@pytest.mark.parametrize("level", ["easy", "ordinary"])
def test_both_sides_of_the_2024_card(photo: Photo, level: str) -> None:
    front, back = photo("can_cuoc", "front", level), photo("can_cuoc", "back", level)
    reading = read_document(front, back, today=date(2026, 1, 1))
    assert values(reading) == CAN_CUOC_FIELDS
    assert "fail" not in outcomes(reading).values()
    assert reading.fields["date_of_expiry"].source == "mrz+print"  # read, and it says: none
    assert outcomes(reading)["not_expired"] == "pass"


def test_the_public_shape_is_json(photo: Photo) -> None:
    reading = read_document(photo("chip", "front"), None)
    shape = json.loads(json.dumps(reading.as_json()))
    assert set(shape) == {*FIELD_NAMES, "checks"}
    assert set(shape["number"]) == {"value", "raw", "source", "confidence", "confirmed"}
    assert shape["number"]["confirmed"]  # QR and print of the front say the same
    assert not shape["place_of_origin"]["confirmed"]  # only the print holds it
    assert 0 <= shape["number"]["confidence"] <= 1
    assert all(set(check) == {"name", "outcome", "detail"} for check in shape["checks"])


def test_the_front_of_the_2024_card_alone_leaves_the_rest_unread(photo: Photo) -> None:
    reading = read_document(photo("can_cuoc", "front"), None)
    assert reading.fields["number"].value == CAN_CUOC.number
    for name in ("place_of_residence", "date_of_issue", "date_of_expiry"):
        assert (reading.fields[name].value, reading.fields[name].source) == (None, "none")


def test_a_back_alone_is_read_too(photo: Photo) -> None:
    reading = read_document(photo("can_cuoc", "back"), None)
    assert reading.fields["full_name"].value == "TRẦN VĂN ĐỨC"
    assert reading.fields["date_of_issue"].value == "2025-02-03"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_changes_nothing(photo: Photo, orientation: int) -> None:
    turn = {
        2: PilImage.Transpose.FLIP_LEFT_RIGHT,
        3: PilImage.Transpose.ROTATE_180,
        4: PilImage.Transpose.FLIP_TOP_BOTTOM,
        5: PilImage.Transpose.TRANSPOSE,
        6: PilImage.Transpose.ROTATE_90,
        7: PilImage.Transpose.TRANSVERSE,
        8: PilImage.Transpose.ROTATE_270,
    }
    stored = PilImage.fromarray(decode(photo("chip", "back")))
    exif = PilImage.Exif()
    exif[0x0112] = orientation
    out = io.BytesIO()
    as_stored = stored.transpose(turn[orientation]) if orientation > 1 else stored
    as_stored.save(out, "JPEG", quality=95, exif=exif)
    side = read_side(out.getvalue(), "back")
    assert side.fields["mrz"]["number"].value == CHIP.number
    assert side.fields["print"]["date_of_issue"].value == "2021-05-10"


@pytest.mark.parametrize("turns", [1, 2, 3])
@pytest.mark.parametrize(("kind", "side"), [("chip", "front"), ("can_cuoc", "front"), ("chip", "back")])
def test_a_card_lying_any_way_is_read(photo: Photo, kind: str, side: str, turns: int) -> None:
    turned = np.rot90(decode(photo(kind, side, "ordinary", 5)), turns)
    reading = read_side(png(np.ascontiguousarray(turned)), side)  # type: ignore[arg-type]
    source = "mrz" if side == "back" else "print"
    assert reading.fields[source]["number"].value == (CHIP if kind == "chip" else CAN_CUOC).number


def test_a_flat_scan_without_a_table_is_read(card: Callable[[str], PrintedCard]) -> None:
    sides = card("chip")
    assert values(read_document(png(sides.front), png(sides.back))) == CHIP_FIELDS


def test_the_portrait_is_cut_out(portrait: bytes) -> None:
    front = print_card(dataclasses.replace(CHIP, portrait=portrait)).front
    side = read_side(photograph(front, "easy", 3), "front")
    assert side.portrait is not None
    cut, whole = decode(side.portrait), decode(portrait)
    assert cut.shape[0] > 1.2 * cut.shape[1]
    # the same face: colours of the middle agree
    middle = cut[200:450, 120:320].reshape(-1, 3).mean(0)
    assert np.abs(middle - whole[150:550, 150:450].reshape(-1, 3).mean(0)).max() < 60


def test_an_expired_card_is_read_and_the_check_says_so(photo: Photo) -> None:
    front, back = photo("chip", "front"), photo("chip", "back")
    assert outcomes(read_document(front, back, today=date(2029, 3, 15)))["not_expired"] == "pass"
    assert outcomes(read_document(front, back, today=date(2029, 3, 16)))["not_expired"] == "fail"


def test_a_reading_survives_storage(photo: Photo) -> None:
    front, back = read_side(photo("chip", "front")), read_side(photo("chip", "back"))
    stored = [from_dict(json.loads(json.dumps(to_dict(side)))) for side in (front, back)]
    assert stored == [front, back]
    assert fuse(*stored) == fuse(front, back)
