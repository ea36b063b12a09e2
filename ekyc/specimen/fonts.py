"""Where the card's fonts are on this machine."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from PIL import ImageFont

FontName = Literal[
    "arimo", "arimo_bold", "roboto", "roboto_medium", "roboto_bold", "ocr_b",
    "free_sans", "free_sans_bold", "heros", "heros_bold", "open_sans", "open_sans_bold",
]  # fmt: skip


class FontMissingError(RuntimeError):
    """A font of the card is not installed; the message names the Debian package that carries it."""


@dataclass(frozen=True, slots=True)
class _Source:
    path: str
    pattern: str  # for fontconfig, where the path differs from Debian's
    package: str


_SOURCES: dict[FontName, _Source] = {
    "arimo": _Source("truetype/croscore/Arimo-Regular.ttf", "Arimo:style=Regular", "fonts-croscore"),
    "arimo_bold": _Source("truetype/croscore/Arimo-Bold.ttf", "Arimo:style=Bold", "fonts-croscore"),
    "roboto": _Source(
        "truetype/roboto/unhinted/RobotoTTF/Roboto-Regular.ttf",
        "Roboto:style=Regular",
        "fonts-roboto-unhinted",
    ),
    "roboto_medium": _Source(
        "truetype/roboto/unhinted/RobotoTTF/Roboto-Medium.ttf",
        "Roboto:style=Medium",
        "fonts-roboto-unhinted",
    ),
    "roboto_bold": _Source(
        "truetype/roboto/unhinted/RobotoTTF/Roboto-Bold.ttf", "Roboto:style=Bold", "fonts-roboto-unhinted"
    ),
    "free_sans": _Source("truetype/freefont/FreeSans.ttf", "FreeSans:style=Regular", "fonts-freefont-ttf"),
    "free_sans_bold": _Source(
        "truetype/freefont/FreeSansBold.ttf", "FreeSans:style=Bold", "fonts-freefont-ttf"
    ),
    "heros": _Source(
        "../texmf/fonts/opentype/public/tex-gyre/texgyreheros-regular.otf",
        "TeX Gyre Heros:style=Regular",
        "fonts-texgyre",
    ),
    "heros_bold": _Source(
        "../texmf/fonts/opentype/public/tex-gyre/texgyreheros-bold.otf",
        "TeX Gyre Heros:style=Bold",
        "fonts-texgyre",
    ),
    "open_sans": _Source(
        "truetype/open-sans/OpenSans-Regular.ttf", "Open Sans:style=Regular", "fonts-open-sans"
    ),
    "open_sans_bold": _Source(
        "truetype/open-sans/OpenSans-Bold.ttf", "Open Sans:style=Bold", "fonts-open-sans"
    ),
    "ocr_b": _Source("opentype/ocr-b/OCRB.otf", "OCR B:style=Regular", "fonts-ocr-b"),
}


@cache
def font_path(name: FontName, root: Path = Path("/usr/share/fonts")) -> Path:
    """The font's file. Raises FontMissingError naming the Debian package."""
    source = _SOURCES[name]
    known = root / source.path
    if known.is_file():
        return known
    found = _ask_fontconfig(source.pattern)
    if found is None:
        raise FontMissingError(
            f"The font {source.pattern.split(':')[0]!r} is not installed. "
            f"Install it with: apt-get install {source.package}"
        )
    return found


def _ask_fontconfig(pattern: str) -> Path | None:
    tool = shutil.which("fc-match")
    if tool is None:
        return None
    answer = subprocess.run(  # noqa: S603
        [tool, "--format=%{family}\n%{file}", pattern], capture_output=True, text=True, check=False
    )
    families, _, file = answer.stdout.partition("\n")
    # fc-match always answers something; only the family asked for will do
    wanted = pattern.partition(":")[0]
    return Path(file) if wanted in families.split(",") and Path(file).is_file() else None


@cache
def font(name: FontName, pixels: float) -> ImageFont.FreeTypeFont:
    """The font at an em size in pixels."""
    return ImageFont.truetype(str(font_path(name)), size=pixels)
