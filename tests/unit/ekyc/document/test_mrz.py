"""The machine readable zone: vectors, tampering, and the decoder's own arithmetic."""

from __future__ import annotations

import numpy as np
import pytest

from ekyc.document.mrz import Mrz
from ekyc.document.mrz_decode import SHAPES, SIGNS, allowed, best_line, posterior, repair
from ekyc.types import Check

FEMALE = (
    "IDVNM3040001275019304000127<<7",
    "0403151F2903150VNM<<<<<<<<<<<6",
    "NGUYEN<<THI<MAI<DAO<<<<<<<<<<<",
)
NO_EXPIRY = (
    "IDVNM0650000184001065000018<<5",
    "6506179M9912315VNM<<<<<<<<<<<6",
    "TRAN<<VAN<DUC<<<<<<<<<<<<<<<<<",
)


def zone(lines: tuple[str, str, str]) -> Mrz:
    sure = (0.99,) * 30
    return Mrz(lines, (sure, sure, sure))


def test_a_zone_with_expiry() -> None:
    read = zone(FEMALE)
    assert all(read.digit_checks().values())
    assert {name: field.value for name, field in read.fields().items()} == {
        "number": "019304000127",
        "full_name": "NGUYEN THI MAI DAO",
        "date_of_birth": "2004-03-15",
        "sex": "female",
        "date_of_expiry": "2029-03-15",
        "nationality": "Việt Nam",
    }


def test_991231_means_no_expiry_and_the_century_comes_from_the_number() -> None:
    read = zone(NO_EXPIRY)
    assert all(read.digit_checks().values())
    fields = read.fields()
    assert fields["date_of_birth"].value == "1965-06-17"
    assert fields["date_of_expiry"].value is None
    assert fields["date_of_expiry"].raw == "991231"


@pytest.mark.parametrize(
    ("line", "at", "digit", "failing"),
    [
        (0, 6, "9", {"document_number", "composite"}),
        (0, 20, "9", {"personal_number", "composite"}),
        (1, 0, "9", {"date_of_birth", "composite"}),
        (1, 8, "9", {"date_of_expiry", "composite"}),
        (1, 29, "0", {"composite"}),
    ],
)
def test_one_changed_digit_fails_its_check(line: int, at: int, digit: str, failing: set[str]) -> None:
    lines = list(FEMALE)
    lines[line] = lines[line][:at] + digit + lines[line][at + 1 :]
    read = zone((lines[0], lines[1], lines[2]))
    assert {name for name, ok in read.digit_checks().items() if not ok} == failing
    assert read.checks()[0].outcome == "fail"


def test_two_numbers_in_one_zone_are_noticed() -> None:
    other = "IDVNM3040001354" + FEMALE[0][15:]
    assert Check("mrz_numbers_agree", "fail") in zone((other, *FEMALE[1:])).checks()


def spoken(line: str, sure: float = 0.9) -> np.ndarray:
    """Network output that says ``line``: three steps a sign, a blank between."""
    rows = []
    for char in line:
        for best in (0, SIGNS.index(char) + 1, SIGNS.index(char) + 1, 0):
            row = np.full(38, (1 - sure) / 37)
            row[best] = sure
            rows.append(row)
    return np.array(rows, np.float32)


@pytest.mark.parametrize("lines", [FEMALE, NO_EXPIRY])
def test_clear_output_decodes_to_itself(lines: tuple[str, str, str]) -> None:
    for line, shape in zip(lines, SHAPES, strict=True):
        post, _ = posterior(spoken(line), shape)
        assert np.allclose(post.sum(1), 1)
        assert not post[~allowed(shape)].any()
        read, sure = best_line(post)
        assert read == line
        assert min(sure) > 0.5


def test_the_shape_turns_letters_among_digits_into_digits() -> None:
    misread = FEMALE[0].replace("0", "O", 1)
    output = spoken(misread)
    at = 4 * misread.index("O") + 1
    output[at : at + 2, SIGNS.index("0") + 1] = 0.08
    post, _ = posterior(output, SHAPES[0])
    assert best_line(post)[0] == FEMALE[0]


def test_lines_fit_their_own_shape_best() -> None:
    for line, shape in zip(FEMALE, SHAPES, strict=True):
        fits = [posterior(spoken(line), other)[1] for other in SHAPES]
        assert max(fits) == posterior(spoken(line), shape)[1]


def doubtful(line: str, at: int, other: str, share: float) -> np.ndarray:
    """Posterior that is sure of ``line`` except at one place."""
    post = np.full((30, len(SIGNS)), 1e-9)
    for i, char in enumerate(line):
        post[i, SIGNS.index(char)] = 1.0
    post[at, SIGNS.index(line[at])] = share
    post[at, SIGNS.index(other)] = 1 - share
    return post


def test_a_check_digit_settles_a_doubtful_character() -> None:
    misread = "0903151" + FEMALE[1][7:]
    post = doubtful(misread, 1, "4", 0.6)
    assert repair(post, misread, range(6), 6) == FEMALE[1]


def test_a_clearly_printed_wrong_digit_is_left_alone() -> None:
    tampered = "0903151" + FEMALE[1][7:]
    post = doubtful(tampered, 1, "4", 0.9999)
    assert repair(post, tampered, range(6), 6) == tampered
