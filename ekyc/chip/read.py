"""The files of one chip to a ChipReading: every step that does not need the photographed card."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from ekyc.chip.active import answers
from ekyc.chip.anchors import Anchors
from ekyc.chip.dg1 import parse_dg1
from ekyc.chip.dg2 import parse_dg2
from ekyc.chip.dg13 import parse_dg13
from ekyc.chip.dg14 import SecurityInfos, parse_dg14
from ekyc.chip.dg15 import parse_dg15
from ekyc.chip.fields import chip_fields, groups_agree
from ekyc.chip.files import Files, digests, require_files, unreadable
from ekyc.chip.keys import PublicKey
from ekyc.chip.passive import authenticate
from ekyc.chip.portrait import portrait_jpeg
from ekyc.chip.reading import ChipReading
from ekyc.chip.tlv import Malformed
from ekyc.errors import EkycError
from ekyc.policy import ChipPolicy

_T = TypeVar("_T")


def read_chip(
    files: Files,
    *,
    nonce: bytes | None,
    answer: bytes,
    anchors: Anchors,
    policy: ChipPolicy,
    now: datetime,
) -> ChipReading:
    """Passive, then active authentication, and only then anything that is inside.

    files: "dg1", "dg2", "sod" and those of "dg13", "dg14", "dg15" that the chip has, whole.
    nonce: what the chip was asked to sign; None leaves active authentication out (``active`` is False).
    Raises EkycError with a code ``chip_*`` or card_type_not_accepted.
    """
    require_files(files, answer)
    passive = authenticate(files, anchors, policy, now)
    infos = _parsed("dg14", files, parse_dg14) or SecurityInfos((), None)
    key = _parsed("dg15", files, parse_dg15)
    active = key is not None and nonce is not None
    if key is not None and nonce is not None:
        _require_original(key, nonce, answer, infos)
    zone, image = _parsed("dg1", files, parse_dg1), _parsed("dg2", files, parse_dg2)
    assert zone is not None and image is not None
    national = _parsed("dg13", files, parse_dg13) or {}
    return ChipReading(
        passive.trust,
        bool(anchors.certificates),
        active,
        chip_fields(zone, national),
        (groups_agree(zone, national),),
        portrait_jpeg(image),
        infos.protocols,
        passive.digest,
        passive.signer,
        passive.issuer,
        digests(files),
    )


def _parsed(name: str, files: Files, parse: Callable[[bytes], _T]) -> _T | None:
    """What the file holds, None where the chip has no such file. Raises EkycError."""
    try:
        return parse(files[name]) if name in files else None
    except Malformed as error:
        raise unreadable(name, error) from error


def _require_original(key: PublicKey, nonce: bytes, answer: bytes, infos: SecurityInfos) -> None:
    """A chip that could sign our nonce and did not, or signed something else, is refused."""
    if not answer:
        raise EkycError("chip_answer_missing")
    if not answers(key, nonce, answer, infos.active):
        raise EkycError("chip_cloned")
