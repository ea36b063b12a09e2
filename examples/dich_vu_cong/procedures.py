"""The catalogue of procedures and its search. Names and summaries stand in ``messages/``."""

from __future__ import annotations

from dataclasses import dataclass

from examples.province.text import LANGUAGES, Text, plain


@dataclass(frozen=True, slots=True)
class Procedure:
    """slug: last part of the address. icon: file in ``static/icons``. online: whether this app takes it."""

    slug: str
    icon: str
    online: bool = False


BIRTH_COPY = Procedure("cap-ban-sao-trich-luc-khai-sinh", "birth", online=True)
PROCEDURES = (
    BIRTH_COPY,
    Procedure("dang-ky-khai-sinh", "baby"),
    Procedure("dang-ky-ket-hon", "rings"),
    Procedure("tinh-trang-hon-nhan", "single"),
    Procedure("chung-thuc-ban-sao", "stamp"),
    Procedure("dang-ky-thuong-tru", "house"),
)


def find(slug: str) -> Procedure | None:
    """The procedure with this slug, or None."""
    return next((procedure for procedure in PROCEDURES if procedure.slug == slug), None)


def search(text: Text, wanted: str) -> list[Procedure]:
    """Procedures with every word of ``wanted`` in name, summary or keywords, in either language."""
    words = plain(wanted).split()
    return [each for each in PROCEDURES if all(word in _haystack(text, each) for word in words)]


def _haystack(text: Text, procedure: Procedure) -> str:
    keys = [f"procedure.{procedure.slug}.{part}" for part in ("name", "summary", "keywords")]
    return plain(" ".join(text(language, key) for language in LANGUAGES for key in keys))
