"""Values as a citizen reads them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone

from idp.domain.models import Account, Profile
from idp.web import i18n

HANOI = timezone(timedelta(hours=7))


def day(value: date) -> str:
    return value.strftime("%d/%m/%Y")


def moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).astimezone(HANOI).strftime("%H:%M %d/%m/%Y")


def fields(profile: Profile, locale: str) -> list[tuple[str, str]]:
    """(label key, value) in the order of the card."""
    return [
        ("field.number", profile.number),
        ("field.full_name", profile.full_name),
        ("field.date_of_birth", day(profile.birthdate)),
        ("field.sex", i18n.sentence(locale, f"value.{profile.sex}")),
        ("field.nationality", profile.nationality),
        ("field.place_of_birth", profile.place_of_birth),
        ("field.place_of_origin", profile.place_of_origin),
        ("field.place_of_residence", profile.place_of_residence),
    ]


def contacts(account: Account) -> list[tuple[str, str]]:
    return [("field.email", account.email or ""), ("field.phone", phone(account.phone or ""))]


def masked_name(full_name: str) -> str:
    """Enough for its owner: N. T. Lan."""
    *before, given = full_name.split() or [""]
    return " ".join([*(f"{word[0]}." for word in before), given])


def phone(number: str) -> str:
    """E.164 as it is read out here: 0912 345 678."""
    local = "0" + number.removeprefix("+84")
    return f"{local[:4]} {local[4:7]} {local[7:]}" if number else ""


_SCOPE_FIELDS = {
    "profile": ("field.full_name", "field.date_of_birth", "field.sex", "field.nationality"),
    "email": ("field.email",),
    "phone": ("field.phone",),
    "address": ("field.place_of_residence",),
    "vn_personal_number": ("field.number", "field.place_of_birth"),
}


_CLAIM_FIELDS = {
    "name": "field.full_name",
    "family_name": "field.full_name",
    "middle_name": "field.full_name",
    "given_name": "field.full_name",
    "birthdate": "field.date_of_birth",
    "gender": "field.sex",
    "nationalities": "field.nationality",
    "email": "field.email",
    "email_verified": "field.email",
    "phone_number": "field.phone",
    "phone_number_verified": "field.phone",
    "address": "field.place_of_residence",
    "vn_personal_number": "field.number",
    "place_of_birth": "field.place_of_birth",
    "verified_claims": "field.proof",
}


def claim_labels(claims: Iterable[str]) -> list[str]:
    """Label keys of single claims, each once."""
    return list(dict.fromkeys(_CLAIM_FIELDS[name] for name in claims if name in _CLAIM_FIELDS))


def by_claim(account: Account, locale: str, claims: Iterable[str]) -> list[tuple[str, str]]:
    """Exactly what single claims send, for the consent page."""
    values = dict(fields(account.profile, locale) + contacts(account))
    if account.proofing is not None:
        made = i18n.sentence(locale, f"value.{account.proofing.procedure}")
        values["field.proof"] = f"{made}, {moment(account.proofing.at)}"
    else:
        values["field.proof"] = ""
    return [(key, values[key]) for key in claim_labels(claims)]


def by_scope(account: Account, locale: str) -> dict[str, list[tuple[str, str]]]:
    """Exactly what each scope sends, for the consent page."""
    values = dict(fields(account.profile, locale) + contacts(account))
    return {scope: [(key, values[key]) for key in keys] for scope, keys in _SCOPE_FIELDS.items()}
