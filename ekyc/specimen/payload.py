"""The text inside a card's QR code."""

from __future__ import annotations

from datetime import date

from ekyc.registry.person import Person

SEX_WORD = {"male": "Nam", "female": "Nữ"}


def qr_payload(person: Person) -> str:
    """Seven fields joined by "|"; the 2024 card has four more, empty here (cancelled number, parents).

    number | old number or empty | name | DDMMYYYY birth | Nam/Nữ | residence | DDMMYYYY issue
    """
    fields = [
        person.number,
        person.old_number or "",
        person.full_name,
        _digits(person.date_of_birth),
        SEX_WORD[person.sex],
        person.place_of_residence,
        _digits(person.card.date_of_issue),
    ]
    if person.card.kind == "can_cuoc":
        fields += ["", "", "", ""]
    return "|".join(field.replace("|", " ") for field in fields)


def _digits(day: date) -> str:
    return f"{day.day:02}{day.month:02}{day.year:04}"


def printed_date(day: date | None) -> str:
    """DD/MM/YYYY, or "Không thời hạn" for a card without expiry."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}" if day else "Không thời hạn"
