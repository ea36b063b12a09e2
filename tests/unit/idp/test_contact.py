"""What people type for a phone number or an e-mail address."""

from __future__ import annotations

import pytest

from idp.domain.contact import normalised
from idp.domain.errors import PageError


@pytest.mark.parametrize(
    "typed",
    [
        "0912345678",
        "0912 345 678",
        "0912.345.678",
        "+84 912 345 678",
        "84912345678",
        "0084-912-345-678",
        "+84 (0) 912345678",
        " ０９１２345678 ",
    ],
)
def test_a_phone_number_as_people_type_it(typed: str) -> None:
    assert normalised("phone", typed) == "+84912345678"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "+84",
        "912345678",
        "091234567",
        "09123456789",
        "0212345678",
        "+1 212 555 0100",
        "0912 345 678 x",
        "٠٩١٢٣٤٥٦٧٨",
        "843456789",
        "0" * 5000,
    ],
)
def test_what_is_no_phone_number(typed: str) -> None:
    with pytest.raises(PageError, match="phone_invalid"):
        normalised("phone", typed)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "mai",
        "mai@",
        "@example.vn",
        "mai@example",
        "a b@example.vn",
        "mai@example.vn\nBcc: x@example.vn",
        "mai@@example.vn",
        ".mai@example.vn",
        "mai@-a.vn",
        "mai@[192.0.2.1]",
        '"a b"@example.vn',
        "x" * 65 + "@example.vn",
        "a@" + "b." * 130 + "vn",
        "mai@example.vn,x@example.vn",
    ],
)
def test_what_is_no_email_address(typed: str) -> None:
    with pytest.raises(PageError, match="email_invalid"):
        normalised("email", typed)
