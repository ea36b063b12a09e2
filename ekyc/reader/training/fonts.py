"""Installed fonts for drawing lines. Some families are kept for tests."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

from PIL import ImageFont

from ekyc.reader.training.needs import need
from ekyc.reader.training.texts import CHARSET

ROOT = Path("/usr/share/fonts")
HELD_OUT = ("roboto", "arimo", "cousine", "tinos", "liberation", "freefont", "freesans", "texgyre")
_SKIP = ("Hairline", "Thin", "ExtraLight", "Display-", "DejaVuMath", "Code50", "Black.")
_SERIF = ("NotoSerif", "DejaVuSerif", "CharisSIL", "LinLibertine")
_COMMON = ("NotoSans", "OpenSans", "DejaVuSans", "Inter", "Carlito", "Lato")


def _covers(path: Path) -> bool:
    fonttools = need("fontTools.ttLib", "fonttools")
    try:
        known = fonttools.TTFont(path, lazy=True, fontNumber=0).getBestCmap()
    except (OSError, fonttools.TTLibError):
        return False
    return all(ord(c) in known for c in CHARSET)


@cache
def training_fonts() -> dict[str, tuple[str, ...]]:
    """Family -> files that cover the charset; held-out families left out."""
    families: dict[str, list[str]] = {}
    for path in sorted([*ROOT.rglob("*.ttf"), *ROOT.rglob("*.otf")]):
        held = any(name in str(path).lower() for name in HELD_OUT)
        if not held and not any(s in path.name for s in _SKIP) and _covers(path):
            families.setdefault(path.stem.split("-")[0].split("_")[0], []).append(str(path))
    if not families:
        raise FileNotFoundError(f"no font with Vietnamese letters under {ROOT}")
    return {name: tuple(paths) for name, paths in families.items()}


@cache
def test_fonts() -> tuple[str, ...]:
    """Roboto and Arimo: never in training."""
    wanted = (
        "Roboto-Regular.ttf",
        "Roboto-Medium.ttf",
        "Roboto-Bold.ttf",
        "Arimo-Regular.ttf",
        "Arimo-Bold.ttf",
    )
    return tuple(str(path) for path in sorted(ROOT.rglob("*.ttf")) if path.name in wanted)


@cache
def mono_fonts() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """OCR-B, and other fonts of even width for printers that lack it."""
    ocr = tuple(str(p) for p in sorted(ROOT.rglob("OCRB*.otf")) if p.stem in ("OCRB", "OCRBS"))
    mono = tuple(str(p) for p in sorted(ROOT.rglob("*Mono*.ttf")) if "Oblique" not in p.name)
    if not ocr:
        raise FileNotFoundError("OCR-B is missing: apt-get install fonts-ocr-b")
    return ocr, mono


def pick(rng: random.Random) -> str:
    """A font file; cards are set in sans, so serif families are drawn less often."""
    families = training_fonts()
    weights = [0.35 if f.startswith(_SERIF) else 2.0 if f in _COMMON else 1.0 for f in families]
    paths = families[rng.choices(list(families), weights)[0]]
    upright = [p for p in paths if "Italic" not in p and "Oblique" not in p]
    return rng.choice(upright if upright and rng.random() < 0.93 else paths)


@cache
def face(path: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size)
