"""What readers hand on from a hostile card: any zone, any code, any lines end in fields or in a code."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from ekyc.document.card_reader import DocumentReader
from ekyc.document.mrz import Mrz
from ekyc.document.mrz_decode import SHAPES, best_line, posterior
from ekyc.document.mrz_format import LINE_LENGTH
from ekyc.document.qr import parse_payload
from ekyc.errors import EkycError
from ekyc.image import encode_jpeg

_SURE = (1.0,) * LINE_LENGTH
LINE = st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<", min_size=LINE_LENGTH, max_size=LINE_LENGTH)
# what spreadsheets, pages, terminals and databases might run or be confused by
INJECTION = (
    '=cmd|"/c calc"!A1',
    "<script>alert(1)</script>",
    "'; DROP TABLE people; --",
    "\u202eevil\u202c",
    "\ufeff\u200b\u2066",
    "%s%n{0}${jndi:ldap://x}",
    "\x1b[31m\r\nSet-Cookie: x",
    "😀" * 40,
    "a" * 10_000,
)


@given(LINE, LINE, LINE)
def test_any_machine_readable_zone(one: str, two: str, three: str) -> None:
    zone = Mrz((one, two, three), (_SURE, _SURE, _SURE))
    assert {check.outcome for check in zone.checks()} <= {"pass", "fail"}
    for field in zone.fields().values():
        assert field.value is None or field.value.isprintable()


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 300), st.integers(0, 2), st.integers(0, 10_000), st.floats(0.01, 8))
def test_any_answer_of_the_network(steps: int, shape: int, seed: int, spread: float) -> None:
    """Also lines shorter than the zone, and a network that is sure of nonsense."""
    logits = np.random.default_rng(seed).normal(0, spread, (steps, 38))
    output: NDArray[np.float32] = np.exp(logits - logits.max(1, keepdims=True)).astype(np.float32)
    post, fit = posterior(output / output.sum(1, keepdims=True), SHAPES[shape])
    assert np.isfinite(post).all()
    assert fit <= 1e-6
    line, sure = best_line(post)
    assert len(line) == LINE_LENGTH
    assert all(0 <= each <= 1.000001 for each in sure)


@settings(max_examples=60)
@given(st.sampled_from(INJECTION), st.integers(1, 9), st.booleans())
def test_attack_text_in_the_code(text: str, place: int, twice: bool) -> None:
    parts = ["019304000127", "", "Nguyễn Thị Mai Đào", "15032004", "Nữ", "Tổ 5", "10052021", "", "", ""]
    parts[place] = parts[place] + text * (2 if twice else 1)
    payload = parse_payload("|".join(parts))
    if payload is None:
        return
    for field in payload.fields().values():
        value = field.value or ""
        assert value.isprintable()
        assert not set(value) & set('<>{}|\\"`\u202e\u200b\ufeff')
        assert not value.startswith(("=", "+", "@", "\t"))
        assert len(value) <= 300


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["noise", "boxes", "flat", "stripes"]))
def test_any_picture_is_no_card_and_says_so(seed: int, kind: str) -> None:
    rng = np.random.default_rng(seed)
    image = np.full((700, 1000, 3), rng.integers(0, 256), np.uint8)
    if kind == "noise":
        image = rng.integers(0, 256, image.shape, dtype=np.uint8)
    elif kind == "stripes":
        image[:: int(rng.integers(2, 30))] = 255
    elif kind == "boxes":
        for _ in range(40):
            top, left = rng.integers(0, 600), rng.integers(0, 900)
            image[top : top + rng.integers(4, 400), left : left + rng.integers(4, 600)] = rng.integers(
                0, 256, 3
            )
    with pytest.raises(EkycError, match=r"^card_"):
        DocumentReader().read_side(encode_jpeg(image), None)
