"""The application for a copy of a birth record: what the account fills in and what is asked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from motcham.fastapi import Citizen

from examples.province.text import VIETNAM, tidy

PURPOSES = ("study", "work", "identity", "marriage", "property", "other")
DELIVERIES = ("office", "post", "electronic")
GENDERS = ("male", "female")
MOST_COPIES = 20
FEE_PER_COPY = 8000  # đồng a copy (Thông tư 281/2016/TT-BTC)
LENGTHS = {
    "full_name": 100,
    "place_of_birth": 200,
    "address": 300,
    "purpose_note": 200,
    "delivery_address": 300,
}
FIELDS = (
    "full_name", "birthdate", "gender", "personal_number", "place_of_birth", "address",
    "copies", "purpose", "purpose_note", "delivery", "delivery_address", "phone",
)  # fmt: skip
PHONE = re.compile(r"0(?:[35789]\d{8}|2\d{9})")  # mobile or landline, as dialled inside the country


@dataclass(frozen=True, slots=True)
class Application:
    """A checked application. personal_number: 12 digits; copies: 1 to 20; phone: digits starting with 0."""

    full_name: str
    birthdate: date
    gender: str
    personal_number: str
    place_of_birth: str
    address: str
    copies: int
    purpose: str
    purpose_note: str
    delivery: str
    delivery_address: str
    phone: str


def from_account(citizen: Citizen) -> dict[str, str]:
    """The fields that the account answers; a claim that was not granted leaves its field out."""
    known = {
        "full_name": citizen.name,
        "birthdate": citizen.birthdate.isoformat() if citizen.birthdate else None,
        "gender": citizen.gender if citizen.gender in GENDERS else None,
        "personal_number": citizen.personal_number,
        "place_of_birth": str(citizen.place_of_birth or ""),
        "address": str(citizen.address or ""),
    }
    return {name: value for name, value in known.items() if value}


def blank(given: Mapping[str, str]) -> dict[str, str]:
    """The values of a form that nobody has touched yet."""
    empty = dict.fromkeys(FIELDS, "")
    return empty | {"copies": "1", "delivery_address": given.get("address", "")} | dict(given)


def check(
    typed: Mapping[str, str], given: Mapping[str, str], today: date | None = None
) -> tuple[dict[str, str], dict[str, str]]:
    """Tidy values and, by field, the message key of what is wrong. ``given`` overrules what was typed."""
    values = {name: tidy(typed.get(name, "")) for name in FIELDS} | dict(given)
    values["phone"] = re.sub(r"^\+84", "0", re.sub(r"[\s.\-]", "", values["phone"]))
    today = today or datetime.now(VIETNAM).date()
    wrong = {
        "full_name": not values["full_name"],
        "birthdate": not _is_past(values["birthdate"], today),
        "gender": values["gender"] not in GENDERS,
        "personal_number": re.fullmatch(r"[0-9]{12}", values["personal_number"]) is None,
        "place_of_birth": not values["place_of_birth"],
        "address": not values["address"],
        "copies": _copies(values["copies"]) is None,
        "purpose": values["purpose"] not in PURPOSES,
        "purpose_note": values["purpose"] == "other" and not values["purpose_note"],
        "delivery": values["delivery"] not in DELIVERIES,
        "delivery_address": values["delivery"] == "post" and not values["delivery_address"],
        "phone": PHONE.fullmatch(values["phone"], endpos=20) is None,
    }
    errors = {name: f"apply.wrong.{name}" for name in FIELDS if wrong[name]}
    errors |= {name: "apply.wrong.long" for name, most in LENGTHS.items() if len(values[name]) > most}
    return values, errors


def complete(values: Mapping[str, str]) -> Application:
    """The application out of values that ``check`` found no fault with."""
    return Application(
        **{name: values[name] for name in FIELDS if name not in ("birthdate", "copies")},
        birthdate=date.fromisoformat(values["birthdate"]),
        copies=int(values["copies"]),
    )


def _is_past(text: str, today: date) -> bool:
    try:
        return date(1900, 1, 1) <= date.fromisoformat(text) <= today
    except ValueError:
        return False


def _copies(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,2}", text) and 1 <= int(text) <= MOST_COPIES else None
