"""Pieces of rectified cards with the middle band of every line of print marked."""

from __future__ import annotations

import io
import random

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ekyc.reader.training.fonts import face, mono_fonts, pick, test_fonts
from ekyc.reader.training.scenes import Pixels, Scene, guilloche, sensed, shaded
from ekyc.reader.training.texts import mrz_text, sample_text
from ekyc.specimen import layout_2021, layout_2024
from ekyc.specimen.background import background
from ekyc.specimen.samples import sample_citizens

_SIZE = 640  # pixels of a rectified card that are drawn
_SEEN = 512  # ... of which the network sees, at half size
_Box = tuple[float, float, float, float]


def page(rng: random.Random) -> Scene:
    """(256 x 256 grey, 128 x 128 mask)."""
    sheet = Image.fromarray(_paper(rng))
    taken = [_picture(rng, sheet) for _ in range(rng.choice((0, 0, 1, 1, 2)))]
    mask = Image.new("L", sheet.size, 0)
    _print(rng, sheet, mask, taken)
    hard = rng.random()
    middle = (_SIZE / 2, _SIZE / 2)
    turn = cv2.getRotationMatrix2D(middle, rng.uniform(-2.2, 2.2) * hard, rng.uniform(0.85, 1.15))
    turn[:, 2] += (_SEEN - _SIZE) // 2
    size = (_SEEN, _SEEN)
    seen = cv2.warpAffine(np.asarray(sheet), turn, size, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REFLECT)
    bands = cv2.warpAffine(np.asarray(mask), turn, size)
    grey = cv2.cvtColor(seen, cv2.COLOR_RGB2GRAY).astype(np.float32)[..., None]
    far = rng.choice((1.0, 1.0, rng.uniform(0.35, 0.9)))
    small = cv2.resize(grey, None, fx=far, fy=far, interpolation=cv2.INTER_AREA)
    grey = np.asarray(cv2.resize(small, size), np.float32)[..., None]
    out = sensed(rng, shaded(rng, grey, hard), 0.5 + 2.6 * hard, 2 + 9 * hard)
    half = (_SEEN // 2, _SEEN // 2)
    picture = cv2.resize(out.reshape(_SEEN, _SEEN), half, interpolation=cv2.INTER_AREA)
    quarter = cv2.resize(bands, (half[0] // 2, half[1] // 2), interpolation=cv2.INTER_AREA)
    return np.asarray(picture, np.uint8), np.asarray(quarter, np.uint8)


def _paper(rng: random.Random) -> Pixels:
    if rng.random() < 0.6:
        return guilloche(rng, _SIZE).astype(np.uint8)
    side = rng.choice((layout_2021.FRONT, layout_2021.BACK, layout_2024.FRONT, layout_2024.BACK))
    whole = np.asarray(background(side.palette, side.motif, 1586, 1000))
    y, x = rng.randint(0, 1000 - _SIZE), rng.randint(0, 1586 - _SIZE)
    return whole[y : y + _SIZE, x : x + _SIZE].copy()


def _picture(rng: random.Random, sheet: Image.Image) -> _Box:
    """Something that is no print: portrait, code, seal, scribble, a slanting SPECIMEN."""
    w, h = rng.randint(60, 300), rng.randint(60, 300)
    x, y = rng.randint(-80, _SIZE - 60), rng.randint(-80, _SIZE - 60)
    draw, kind = ImageDraw.Draw(sheet), rng.randrange(5)
    if kind == 0:
        portrait = Image.open(io.BytesIO(rng.choice(sample_citizens()).portrait()))
        sheet.paste(portrait.convert("RGB").resize((w, h)), (x, y))
    elif kind == 1:
        count = rng.choice((33, 45, 57))
        modules = np.array([[rng.choice((0, 255)) for _ in range(count)] for _ in range(count)], np.uint8)
        w = h = max(2, w // count) * count
        draw.rectangle((x - 8, y - 8, x + w + 8, y + h + 8), fill=(250, 250, 250))
        code = Image.fromarray(modules).convert("RGB").resize((w, h), Image.Resampling.NEAREST)
        sheet.paste(code, (x, y))
    elif kind == 2:
        for ring in range(0, min(w, h) // 2 - 4, rng.randint(5, 40)):
            colour = tuple(rng.randint(0, 255) for _ in range(3))
            draw.ellipse(
                (x + ring, y + ring, x + w - ring, y + h - ring), outline=colour, width=rng.randint(2, 8)
            )
    elif kind == 3:
        points = [(x + i * w / 14, y + rng.uniform(0, h)) for i in range(15)]
        draw.line(points, fill=(20, 20, 120), width=rng.randint(2, 6))
    else:
        word = ImageFont.truetype(rng.choice(test_fonts()), rng.randint(50, 90))
        plate = Image.new("RGBA", (round(word.getlength("SPECIMEN")), 100), (0, 0, 0, 0))
        ImageDraw.Draw(plate).text((0, 50), "SPECIMEN", (214, 40, 48, 170), word, anchor="lm")
        plate = plate.rotate(rng.choice((90, 270, rng.uniform(20, 70))), expand=True)
        sheet.paste(plate, (x, y), plate)
        w, h = plate.size
    return (x - 10, y - 10, x + w + 10, y + h + 10)


def _print(rng: random.Random, sheet: Image.Image, mask: Image.Image, taken: list[_Box]) -> None:
    """Rows of one to three lines each, from top to bottom."""
    usual, y = pick(rng), rng.uniform(-10, 40)
    while y < _SIZE:
        zone = rng.random() < 0.12
        size = rng.randint(40, 75) if zone else round(17 * (75 / 17) ** (rng.random() ** 1.6))
        base, x = y + size * rng.uniform(1.0, 1.15), rng.uniform(-60, 120)
        for _ in range(1 if zone else rng.choice((1, 1, 1, 2, 2, 3))):
            text = mrz_text(rng) if zone else sample_text(rng)[1]
            if rng.random() < 0.25:
                text = text[: rng.randint(1, 8)].strip() or "A"
            path = mono_fonts()[0][0] if zone else usual if rng.random() < 0.7 else pick(rng)
            font = face(path, max(15, round(size * rng.choice((1, 1, rng.uniform(0.7, 1.2))))))
            _line(rng, sheet, mask, taken, text, font, (x, base))
            x += font.getlength(text) + rng.choice((rng.uniform(0.3, 0.6), rng.uniform(0.5, 3))) * size
        y = base + size * rng.choice((rng.uniform(0.12, 0.4), rng.uniform(0.2, 1.5)))


def _line(
    rng: random.Random,
    sheet: Image.Image,
    mask: Image.Image,
    taken: list[_Box],
    text: str,
    font: ImageFont.FreeTypeFont,
    at: tuple[float, float],
) -> None:
    x, base = at
    length = font.getlength(text)
    top, bottom = base - font.size, base + font.size * 0.25
    if any(x < b[2] and x + length > b[0] and top < b[3] and bottom > b[1] for b in taken):
        return
    grey = (rng.randint(0, 60),) * 3
    blue = (rng.randint(0, 60), rng.randint(20, 90), rng.randint(60, 150))
    red = (rng.randint(150, 220), rng.randint(0, 60), rng.randint(0, 60))
    ImageDraw.Draw(sheet).text(at, text, rng.choice((grey, grey, blue, red)), font, anchor="ls")
    capitals = sum(c.islower() for c in text) < 0.3 * len(text)
    band = font.size * (0.70 if capitals else 0.53)
    ImageDraw.Draw(mask).rectangle((x, base - band, x + length, base), fill=255)
