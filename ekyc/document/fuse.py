"""Both sides together: one value a field, chosen by which source can be trusted with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from ekyc.document.checks import agree, cross_checks, not_expired, sides_belong_together
from ekyc.document.text import same_text
from ekyc.errors import EkycError
from ekyc.types import FIELD_NAMES, DocumentReading, Field, SideReading

SOURCES = ("qr", "mrz", "print")  # in order of trust: error-corrected, check digits, plain print
_UNREAD = Field(None, "none", 0.0)
_SURE_ENOUGH = 0.5  # of a reading that confirms or contradicts: two exact agreements are never chance
_AGREED_DOUBT = 0.5  # each further source that agrees takes away this share of the doubt

Sources = Mapping[str, Mapping[str, Field]]


def fuse(
    front: SideReading, back: SideReading | None, *, use_qr: bool = True, today: date | None = None
) -> DocumentReading:
    """Fields with value, sources and confidence, and the cross-checks.

    ``use_qr`` False leaves the QR out altogether, as if the card had none. A field that no source holds
    has value None and source "none". ``today`` adds the check ``not_expired``.
    Raises EkycError as ``require_pair`` does.
    """
    sides = [front] if back is None else [front, back]
    if back is not None:
        require_pair(front, back)
    sources = collect(sides, use_qr=use_qr)
    fields = {name: _fuse_field(name, sources) for name in FIELD_NAMES}
    fields["document_type"] = Field(str(front.document_type), "print", 1.0)
    if fields["nationality"].value is None and fields["number"].value is not None and "mrz" in sources:
        fields["nationality"] = Field("Việt Nam", "mrz", 0.99)
    portrait = next((side.portrait for side in sides if side.portrait), None)
    checks = cross_checks(sides, sources, fields)
    if today is not None:
        checks = (*checks, not_expired(fields, today))
    return DocumentReading(fields, checks, portrait)


def require_pair(front: SideReading, back: SideReading) -> None:
    """Refuse two photos that are not front and back of one card.

    Raises EkycError: card_same_side_twice, card_wrong_side (swapped), card_sides_differ.
    """
    if front.side == back.side:
        raise EkycError("card_same_side_twice", front.side)
    if front.side == "back":
        raise EkycError("card_wrong_side", "front and back swapped")
    if sides_belong_together([front, back]).outcome == "fail":
        raise EkycError("card_sides_differ")


def collect(sides: Iterable[SideReading], *, use_qr: bool) -> dict[str, dict[str, Field]]:
    """Source -> field name -> Field, over both sides; the surer reading where both sides print a field."""
    merged: dict[str, dict[str, Field]] = {}
    for side in sides:
        for source, fields in side.fields.items():
            if source == "qr" and not use_qr:
                continue
            into = merged.setdefault(source, {})
            for name, field in fields.items():
                if name not in into or field.confidence > into[name].confidence:
                    into[name] = field
    return merged


def _fuse_field(name: str, sources: Sources) -> Field:
    read = [(source, sources[source][name]) for source in SOURCES if name in sources.get(source, {})]
    if not read:
        return _UNREAD
    if name == "full_name":
        return _fuse_name(read)
    _, best = max(read, key=lambda item: _trust(item[0], item[1]))
    agreeing = [s for s, field in read if _equal(name, field.value, best.value)]
    return Field(
        best.value,
        "+".join(agreeing),
        _joint(best.confidence, len(agreeing)),
        best.raw,
        confirmed=_confirmed(read, agreeing),
    )


def _confirmed(read: Sequence[tuple[str, Field]], agreeing: Sequence[str]) -> bool:
    """Two sources agree, each by a sure reading, and no sure one differs."""
    sure = [source for source, field in read if field.confidence >= _SURE_ENOUGH]
    return sum(s in agreeing for s in sure) >= 2 and all(s in agreeing for s in sure)


def _trust(source: str, field: Field) -> float:
    """A source's rank matters unless its own reading is in doubt."""
    return field.confidence + {"qr": 1.0, "mrz": 0.5, "print": 0.0}[source]


def _joint(confidence: float, sources: int) -> float:
    return 1 - (1 - confidence) * _AGREED_DOUBT ** (sources - 1)


def _equal(name: str, a: str | None, b: str | None) -> bool:
    if a is None or b is None:
        return a is b
    return same_text(a, b) if name.startswith("place") else a == b


def _fuse_name(read: list[tuple[str, Field]]) -> Field:
    """The QR has the marks; without it the print has, and the zone can vouch for the letters."""
    by_source = dict(read)
    marked = by_source.get("qr") or by_source.get("print")
    zone = by_source.get("mrz")
    if marked is None or marked.value is None:
        assert zone is not None
        return Field(zone.value, "mrz", zone.confidence)
    value = marked.value.upper()
    agreeing = [s for s, field in read if agree("full_name", (s, field.value), ("print", value))]
    return Field(
        value,
        "+".join(agreeing),
        _joint(marked.confidence, len(agreeing)),
        marked.raw,
        # the zone vouches for letters only: marks are confirmed by QR and print together
        confirmed=_confirmed(read, agreeing) and {"qr", "print"} <= set(agreeing),
    )
