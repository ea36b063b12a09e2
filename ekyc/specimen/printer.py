"""Prints specimen cards: a person of the registry in, both sides of the card out."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date

import numpy as np
import segno
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageOps

from ekyc.document.mrz_format import td1
from ekyc.registry.person import Person
from ekyc.specimen import layout_2016, layout_2021, layout_2024, ornaments
from ekyc.specimen.background import background
from ekyc.specimen.fonts import font
from ekyc.specimen.layout import CARD_WIDTH, CORNER_RADIUS, MRZ_PITCH, Box, Colour, Layout
from ekyc.specimen.lettering import draw_run, place_label, place_value
from ekyc.specimen.payload import SEX_WORD, printed_date, qr_payload
from ekyc.specimen.style import PLAIN, Style, lighter, varied
from ekyc.specimen.wear import aged

WIDTH, HEIGHT = 1586, 1000  # pixels of a finished side
_OVERSAMPLING = 2
_UNIT = WIDTH * _OVERSAMPLING / CARD_WIDTH  # pixels a millimetre while drawing
_INK: Colour = (18, 18, 22)
_OCR_B_EM = 3.6  # mm; gives capitals 2.4 mm high
_PORTRAIT_FROM_AGE = 6  # Law 26/2023/QH15, Article 23: no picture of younger children
_MARKS = (
    "Nốt ruồi C: 1cm dưới sau đuôi mắt phải",
    "Sẹo chấm C: 2cm trên trước đầu lông mày trái",
    "Nốt ruồi C: 0,5cm trên sau mép trái",
    "Sẹo thẳng C: 1,5cm dưới sau cánh mũi phải",
)

Pixels = NDArray[np.uint8]
_FACES = {
    "cccd_barcode": (layout_2016.FRONT, layout_2016.BACK),
    "cccd_chip": (layout_2021.FRONT, layout_2021.BACK),
    "can_cuoc": (layout_2024.FRONT, layout_2024.BACK),
}


@dataclass(frozen=True, slots=True)
class PrintedCard:
    """Both sides, each 1000 x 1586 x 3, RGB; the corners outside the card are white."""

    front: Pixels
    back: Pixels


def print_card(person: Person, style: Style = PLAIN) -> PrintedCard:
    """The card that ``person.card`` describes. The same person and style always give the same pixels.

    Raises FontMissingError, and TextTooLongError for a value that cannot be made to fit.
    """
    values = card_values(person)
    front, back = (print_side(side, person, values, style) for side in _FACES[person.card.kind])
    return PrintedCard(front, back)


def card_values(person: Person) -> dict[str, str]:
    """What is printed in each slot: slot name -> text."""
    return {
        "number": person.number,
        "full_name": person.full_name.upper(),
        "date_of_birth": printed_date(person.date_of_birth),
        "sex": SEX_WORD[person.sex],
        "nationality": person.nationality,
        "place_of_origin": person.place_of_origin,
        "place_of_birth": person.place_of_birth,
        "place_of_residence": person.place_of_residence,
        "date_of_issue": printed_date(person.card.date_of_issue),
        "date_of_expiry": printed_date(person.card.date_of_expiry),
        "identifying_marks": _MARKS[int(person.number) % len(_MARKS)],
    }


def has_portrait(person: Person) -> bool:
    """Whether the card shows a picture: not under the age of six on the day of issue."""
    return _age(person.date_of_birth, person.card.date_of_issue) >= _PORTRAIT_FROM_AGE


def _age(birth: date, day: date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def print_side(plain: Layout, person: Person, values: dict[str, str], style: Style = PLAIN) -> Pixels:
    """One side by its layout; ``values``: slot name -> text. Raises as ``print_card`` does."""
    side = varied(plain, style)
    paper = _tinted(background(side.palette, side.motif, WIDTH, HEIGHT), style)
    picture = paper.resize((WIDTH * _OVERSAMPLING, HEIGHT * _OVERSAMPLING), Image.Resampling.BICUBIC)
    _draw_ornaments(picture, side, person)
    _draw_specimen(picture, side.specimen)
    draw = ImageDraw.Draw(picture)
    for label in side.labels:
        draw_run(draw, place_label(label), lighter(label.colour, style), _UNIT)
    for slot in side.slots:
        for run in place_value(slot, values[slot.field]):
            draw_run(draw, run, lighter(_INK, style), _UNIT)
    _draw_mrz(draw, side, person, lighter(_INK, style))
    return aged(_cut(picture.resize((WIDTH, HEIGHT), Image.Resampling.BOX)), style)


def _tinted(paper: Image.Image, style: Style) -> Image.Image:
    if style.tint == PLAIN.tint:
        return paper
    pixels = np.asarray(paper, np.float32) * np.array(style.tint, np.float32)
    return Image.fromarray(np.clip(pixels, 0, 255).round().astype(np.uint8))


def _draw_ornaments(picture: Image.Image, side: Layout, person: Person) -> None:
    draw = ImageDraw.Draw(picture)
    for box, ornament in (
        (side.emblem, ornaments.emblem),
        (side.chip_symbol, ornaments.chip_symbol),
        (side.chip, ornaments.chip),
        (side.barcode, ornaments.barcode),
        (side.seal, ornaments.seal),
        (side.signature, ornaments.signature),
    ):
        if box is not None:
            ornament(draw, _pixels(box))
    for finger, box in enumerate(side.fingerprints):
        left, top, right, bottom = _pixels(box)
        print_ = ornaments.fingerprint((right - left, bottom - top), int(person.number) * 2 + finger)
        picture.paste(print_, (left, top), print_)
    if side.portrait is not None and has_portrait(person):
        _paste_portrait(picture, person.portrait, _pixels(side.portrait))
    if side.qr is not None:
        _paste_qr(picture, qr_payload(person), _pixels(side.qr))


def _paste_portrait(picture: Image.Image, portrait: bytes | None, box: ornaments.PixelBox) -> None:
    size = (box[2] - box[0], box[3] - box[1])
    if portrait is None:
        face = ornaments.silhouette(size)
    else:
        source = Image.open(io.BytesIO(portrait)).convert("RGB")
        face = ImageOps.fit(source, size, Image.Resampling.LANCZOS, centering=(0.5, 0.35))
    picture.paste(face, box[:2])


def _paste_qr(picture: Image.Image, payload: str, box: ornaments.PixelBox) -> None:
    """The code fills the box; its quiet zone is the paper around it, whitened."""
    rows = segno.make(payload, error="m", encoding="utf-8", micro=False).matrix
    modules = np.array([[0 if cell else 255 for cell in row] for row in rows], np.uint8)
    left, top, right, bottom = box
    quiet = round(0.9 * _UNIT)
    ImageDraw.Draw(picture).rectangle(
        (left - quiet, top - quiet, right + quiet, bottom + quiet), fill=(252, 252, 250)
    )
    code = Image.fromarray(modules).resize((right - left, bottom - top), Image.Resampling.NEAREST)
    picture.paste(code.convert("RGB"), (left, top))


def _draw_mrz(draw: ImageDraw.ImageDraw, side: Layout, person: Person, ink: Colour) -> None:
    if side.mrz_left is None:
        return
    letters = font("ocr_b", _OCR_B_EM * _UNIT)
    for line, baseline in zip(td1(person), side.mrz_baselines, strict=True):
        for column, char in enumerate(line):
            x = (side.mrz_left + (column + 0.5) * MRZ_PITCH) * _UNIT
            draw.text((x, baseline * _UNIT), char, font=letters, fill=ink, anchor="ms")


def _draw_specimen(picture: Image.Image, box: Box) -> None:
    """The word SPECIMEN in outlined red, along the longer side of its box."""
    left, top, right, bottom = _pixels(box)
    width, height = right - left, bottom - top
    length, depth = max(width, height), min(width, height)
    name = "arimo_bold"
    em = min(depth, length / font(name, 100).getlength("SPECIMEN") * 100)
    plate = Image.new("RGBA", (length, depth), (0, 0, 0, 0))
    ImageDraw.Draw(plate).text(
        (length / 2, depth / 2), "SPECIMEN", font=font(name, em), fill=(214, 40, 48, 170), anchor="mm"
    )
    if height > width:
        plate = plate.rotate(90, expand=True)
    picture.paste(plate, (left, top), plate)


def _cut(picture: Image.Image) -> Pixels:
    """White outside the rounded corners."""
    big = (WIDTH * _OVERSAMPLING, HEIGHT * _OVERSAMPLING)
    mask = Image.new("L", big, 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, big[0] - 1, big[1] - 1), CORNER_RADIUS * _UNIT, fill=255)
    sheet = Image.new("RGB", picture.size, (255, 255, 255))
    sheet.paste(picture, (0, 0), mask.resize(picture.size, Image.Resampling.BOX))
    return np.asarray(sheet)


def _pixels(box: Box) -> ornaments.PixelBox:
    left, top, right, bottom = (round(edge * _UNIT) for edge in box)
    return left, top, right, bottom
