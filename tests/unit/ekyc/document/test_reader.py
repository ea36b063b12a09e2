"""The line recogniser and its weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from ekyc.models import FOLDER, DamagedModelError, model_bytes
from ekyc.reader.beam import beam_search
from ekyc.reader.lexicon import word_cost
from ekyc.reader.recogniser import charset, greedy, recogniser
from ekyc.reader.syllables import add_tone, legal_syllables
from ekyc.specimen.fonts import font


def drawn(text: str) -> np.ndarray:
    face = font("arimo", 44)
    picture = Image.new("L", (round(face.getlength(text)) + 40, 72), 225)
    ImageDraw.Draw(picture).text((20, 52), text, 30, face, anchor="ls")
    return np.asarray(picture)


@pytest.mark.parametrize(
    "text", ["NGUYỄN THỊ MAI ĐÀO", "019304000127", "Tổ 5, Phan Đình Phùng", "15/03/2004"]
)
def test_clean_lines_are_read(text: str) -> None:
    line = recogniser().read(drawn(text))
    assert line.text == text
    assert len(line.signs) == len(line.places) == len(text)
    assert line.confidence == min(line.signs) > 0.4
    assert list(line.places) == sorted(line.places)
    plain, candidates = recogniser().read_ranked([drawn(text)] * 2, words=True)
    assert plain.text == candidates[0][0] == text


def test_empty_paper_reads_as_nothing() -> None:
    blank = np.full((40, 300), 200, np.uint8)
    assert recogniser().read(blank).text == ""
    assert recogniser().read(blank[:2]).confidence == 0.0


def test_weights_are_checked_against_the_manifest(tmp_path: Path) -> None:
    damaged = bytearray((FOLDER / "vi_line.onnx").read_bytes())
    damaged[1000] ^= 1
    (tmp_path / "vi_line.onnx").write_bytes(damaged)
    with pytest.raises(DamagedModelError, match="does not match"):
        model_bytes("vi_line.onnx", tmp_path)
    with pytest.raises(DamagedModelError, match="not in"):
        model_bytes("other.onnx")


def test_every_weights_file_is_in_the_manifest() -> None:
    for path in FOLDER.iterdir():
        if path.suffix in (".onnx", ".pt", ".txt") or "calibration" in path.name:
            assert model_bytes(path.name)


def test_a_word_list_settles_what_the_picture_leaves_open() -> None:
    signs = charset()
    word = ["N", "g", "u", "y", "ễẽ", "n"]
    steps = np.full((2 * len(word) + 1, len(signs) + 1), 1e-5, np.float32)
    steps[::2, 0] = 0.99
    for i, choices in enumerate(word):
        for c, p in zip(choices, (0.45, 0.5) if len(choices) > 1 else (0.98,), strict=True):
            steps[2 * i + 1, signs.index(c) + 1] = p
    assert greedy(steps, signs).text == "Nguyẽn"
    assert [text for text, _ in beam_search(steps, signs)[:2]] == ["Nguyễn", "Nguyẽn"]


def test_syllables_by_rule() -> None:
    legal = legal_syllables()
    assert {"nguyễn", "quýnh", "giếng", "khuya", "ghềnh"} <= legal
    assert not {"nguyẽn", "kuy", "cie", "ngễ"} & legal
    assert add_tone("oa", "\u0300") == "òa"
    assert add_tone("oa", "\u0300", new_style=True) == "oà"
    assert word_cost("Nguyễn") == 0.0 < word_cost("khoẵm") < word_cost("xqtz")


def test_a_temperature_softens_certainty_and_changes_no_text() -> None:
    signs = charset()
    steps = np.full((3, len(signs) + 1), 1e-4, np.float32)
    steps[0, signs.index("A") + 1] = steps[2, signs.index("B") + 1] = 0.9
    steps[1, 0] = 0.99
    plain, soft = greedy(steps, signs), greedy(steps, signs, temperature=2.0)
    assert plain.text == soft.text == "AB"
    assert plain.confidence == pytest.approx(0.9)
    assert soft.confidence == pytest.approx(0.75)
