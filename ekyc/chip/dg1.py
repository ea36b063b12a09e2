"""DG1: the machine readable zone (ICAO Doc 9303 part 10, 4.7.1), TD1 of a Vietnamese card."""

from __future__ import annotations

import re

from ekyc.chip.files import content
from ekyc.chip.tlv import Malformed, expect, read_one
from ekyc.document.mrz import Mrz
from ekyc.document.mrz_format import LINE_LENGTH
from ekyc.errors import EkycError

_ZONE = 0x5F1F
_SURE = (1.0,) * LINE_LENGTH


def parse_dg1(data: bytes) -> Mrz:
    """Raises Malformed, EkycError card_type_not_accepted for another country's or kind of document."""
    text = expect(read_one(content("dg1", data), der=False), _ZONE)
    if not re.fullmatch(rb"[0-9A-Z<]{72}|[0-9A-Z<]{88}|[0-9A-Z<]{90}", text):
        raise Malformed("no machine readable zone")
    if len(text) != 3 * LINE_LENGTH or not re.match(rb"I[D<]VNM", text):
        raise EkycError("card_type_not_accepted", "zone of another document")
    one, two, three = (text[at : at + LINE_LENGTH].decode("ascii") for at in (0, 30, 60))
    mrz = Mrz((one, two, three), (_SURE, _SURE, _SURE))
    failed = [check.name for check in mrz.checks() if check.outcome == "fail"]
    if failed or not re.fullmatch("[0-9]{12}", mrz.number):
        raise Malformed(f"zone against its own rules: {', '.join(failed)}")
    return mrz
