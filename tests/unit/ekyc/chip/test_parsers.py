"""Any bytes at each parser: a value or a typed error, in bounded time and memory; and known bytes."""

from __future__ import annotations

import contextlib
import io
import time
import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from ekyc.chip import tlv
from ekyc.chip.certificate import parse_certificate
from ekyc.chip.dg1 import parse_dg1
from ekyc.chip.dg2 import ChipImage, parse_dg2
from ekyc.chip.dg13 import parse_dg13
from ekyc.chip.dg14 import parse_dg14
from ekyc.chip.dg15 import parse_dg15
from ekyc.chip.files import LIMITS, TAGS
from ekyc.chip.jpeg2000 import require_plain
from ekyc.chip.keys import public_key
from ekyc.chip.lds import parse_lds
from ekyc.chip.portrait import portrait_jpeg
from ekyc.chip.sod import parse_sod
from ekyc.chip.specimen.authority import explicit_key, new_key
from ekyc.chip.specimen.groups import coded_portrait, dg13
from ekyc.chip.specimen.issue import Profile
from ekyc.chip.tlv_write import integer, oid, seq
from ekyc.chip.tlv_write import tlv as write
from ekyc.errors import EkycError
from tests.ekyc_chips import chip, csca, person

PARSERS: dict[str, Callable[[bytes], object]] = {
    "dg1": parse_dg1,
    "dg2": parse_dg2,
    "dg13": parse_dg13,
    "dg14": parse_dg14,
    "dg15": parse_dg15,
    "sod": parse_sod,
    "lds": parse_lds,
    "certificate": parse_certificate,
    "key": public_key,
    "jp2": lambda data: require_plain(data, 1200),
}


def honest(name: str) -> bytes:
    if name == "lds":
        return parse_sod(chip().files["sod"]).content
    if name == "certificate":
        return csca().encoded
    if name == "jp2":
        return coded_portrait(person(), "jp2")
    if name == "key":
        return explicit_key(new_key("p256").public_key())
    return chip(Profile("rsa2048", pss=True)).files[name]


def parse(name: str, data: bytes) -> None:
    """Anything but these two errors fails the test."""
    with contextlib.suppress(tlv.Malformed, EkycError):
        PARSERS[name](data)


@st.composite
def damaged(draw: st.DrawFn, name: str) -> bytes:
    """An honest file with some bytes exchanged, a piece cut out or put in, or a length changed."""
    data = bytearray(honest(name))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, min(len(data) - 1, 2000))))
        kind = draw(st.sampled_from(("byte", "cut", "insert", "copy")))
        if kind == "byte" and data:
            data[at] = draw(st.integers(0, 255))
        elif kind == "cut":
            del data[at : at + draw(st.integers(1, 40))]
        elif kind == "insert":
            data[at:at] = draw(st.binary(max_size=40))
        else:
            data[at:at] = data[: draw(st.integers(0, 200))]
    return bytes(data)


_QUICK = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@pytest.mark.parametrize("name", sorted(PARSERS))
@given(data=st.data())
@_QUICK
def test_any_bytes_end_in_a_value_or_a_typed_error(name: str, data: st.DataObject) -> None:
    tagged = st.binary(max_size=300).map(lambda b: write(TAGS.get(name, 0x30), b))
    parse(name, data.draw(st.one_of(st.binary(max_size=300), tagged, damaged(name))))


@pytest.mark.parametrize("name", sorted(PARSERS))
def test_every_cut_and_every_changed_byte_of_an_honest_file(name: str) -> None:
    whole = honest(name)[:2500]
    rest = honest(name)[2500:]
    for at in range(len(whole)):
        parse(name, whole[:at])
        for value in (0x00, 0x7F, 0x80, 0x84, 0xFF, whole[at] ^ 1):
            parse(name, whole[:at] + bytes([value]) + whole[at + 1 :] + rest)


@pytest.mark.parametrize("name", sorted(LIMITS))
@pytest.mark.parametrize(
    "filler", [b"\x30\x00", b"\x30\x80", b"\x00", b"\x02\x01\x01", b"\x30\x03\x02\x01\x01"]
)
def test_a_file_as_large_as_allowed_costs_little(name: str, filler: bytes) -> None:
    room = LIMITS[name] - 5
    data = write(TAGS[name], filler * (room // len(filler)))
    tracemalloc.start()
    started = time.process_time()
    parse(name, data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * 1024 * 1024
    assert time.process_time() - started < 1


def test_elements_inside_each_other_do_not_exhaust_the_stack() -> None:
    nested = b""
    for _ in range(2000):
        nested = write(0x30, nested)
    for name in ("dg13", "dg14", "sod"):
        parse(name, write(TAGS[name], nested))


# Known bytes


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x30",
        b"\x30\x80",
        b"\x30\x81\x05hello",
        b"\x30\x82\x00\x85",
        b"\x30\x85\0\0\0\0\1a",
        b"\x30\x02a",
    ],
)
def test_what_is_no_der(data: bytes) -> None:
    with pytest.raises(tlv.Malformed):
        tlv.read_one(data)


def test_a_smart_cards_lengths_may_be_longer_than_needed() -> None:
    assert tlv.read_one(b"\x7f\x61\x82\x00\x02ab", der=False) == tlv.Tlv(
        0x7F61, b"ab", b"\x7f\x61\x82\x00\x02ab"
    )


@pytest.mark.parametrize(
    ("value", "coded"), [(0, "020100"), (127, "02017f"), (128, "02020080"), (-1, "0201ff"), (256, "02020100")]
)
def test_integers(value: int, coded: str) -> None:
    assert integer(value).hex() == coded
    assert tlv.integer(tlv.read_one(bytes.fromhex(coded))) == value


@pytest.mark.parametrize("coded", ["0200", "02020001", "0202ffff"])
def test_integers_that_are_not_the_shortest(coded: str) -> None:
    with pytest.raises(tlv.Malformed):
        tlv.integer(tlv.read_one(bytes.fromhex(coded)))


@pytest.mark.parametrize(
    ("dotted", "coded"),
    [
        ("1.2.840.113549.1.7.2", "06092a864886f70d010702"),
        ("2.23.136.1.1.1", "060667810801 0101"),
        ("2.999.3", "0603883703"),
    ],
)
def test_object_identifiers(dotted: str, coded: str) -> None:
    data = bytes.fromhex(coded)
    assert tlv.oid(tlv.read_one(data)) == dotted
    if not dotted.startswith("2.999"):
        assert oid(dotted) == data


def test_dg13_as_public_readers_describe_it() -> None:
    """A field of 128 bytes and more has a longer length; they are known to stumble over it."""
    known = bytes.fromhex(
        "6d50304e3011020101130c303139333034303030313237301d0201020c184e677579e1bb856e205468e1bb8b204d616920c49"
        "0c3a06f300f020103130a31352f30332f3230303430090201040c044ee1bbaf"
    )
    assert parse_dg13(known) == {
        "number": "019304000127",
        "full_name": "Nguyễn Thị Mai Đào",
        "date_of_birth": "2004-03-15",
        "sex": "female",
    }
    assert len(person().place_of_residence.encode()) > 127
    assert parse_dg13(dg13(person()))["place_of_residence"] == person().place_of_residence


def test_dg13_in_another_container_or_in_a_code_of_the_authority() -> None:
    inner = tlv.read_one(dg13(person())).value
    assert parse_dg13(write(0x6D, seq(inner))) == parse_dg13(dg13(person()))
    for opaque in (b"", bytes(range(256)), b"\x30\x84\xff\xff\xff\xff", b"\x04\x10" + bytes(16)):
        assert parse_dg13(write(0x6D, opaque)) == {}


def test_dg13_values_of_another_form_are_left_out() -> None:
    def of(name: int, text: str) -> dict[str, str]:
        return parse_dg13(write(0x6D, seq(seq(integer(name), write(0x0C, text.encode())))))

    assert of(12, "Không thời hạn") == {"date_of_expiry": ""}
    assert of(3, "31/02/2004") == of(3, "2004-01-01") == of(1, "١٢٣") == of(4, "?") == of(6, "Kinh") == {}
    assert of(2, "  Đào\u200b\u202e\x00  Thị ") == {"full_name": "Đào Thị"}
    assert len(of(9, "a" * 5000)["place_of_residence"]) == 300


def test_an_elliptic_key_with_a_generator_of_its_own_is_no_known_curve() -> None:
    """CVE-2020-0601."""
    key = new_key("p256").public_key()
    honest_key = explicit_key(key)
    assert public_key(honest_key).public_numbers() == key.public_numbers()  # type: ignore[union-attr]
    generator = bytes.fromhex("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296")
    point = key.public_numbers().x.to_bytes(32)  # type: ignore[union-attr]
    with pytest.raises(EkycError) as error:
        public_key(honest_key.replace(generator, point))
    assert error.value.code == "chip_algorithm_not_supported"


# Pictures


@pytest.mark.parametrize("kind", ["jpeg", "jp2"])
def test_a_damaged_picture_is_refused_or_decoded_within_bounds(kind: str) -> None:
    whole = coded_portrait(person(), kind)  # type: ignore[arg-type]
    name = "JPEG" if kind == "jpeg" else "JPEG2000"
    for at in range(12, len(whole), max(1, len(whole) // 60)):
        for data in (whole[:at], whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]):
            with contextlib.suppress(EkycError):
                assert len(portrait_jpeg(ChipImage(name, data))) < 1024 * 1024  # type: ignore[arg-type]


def test_a_picture_that_claims_to_be_huge() -> None:
    for kind, at in (("jpeg", b"\xff\xc0"), ("jp2", b"\xff\x51")):
        whole = bytearray(coded_portrait(person(), kind))  # type: ignore[arg-type]
        start = whole.index(at)
        if kind == "jpeg":
            whole[start + 5 : start + 9] = b"\xff\xff\xff\xff"
        else:
            whole[start + 6 : start + 14] = (60000).to_bytes(4) * 2
        with pytest.raises(EkycError) as error:
            portrait_jpeg(ChipImage("JPEG" if kind == "jpeg" else "JPEG2000", bytes(whole)))
        assert error.value.code == "chip_unreadable"


def jpeg_2000(**options: object) -> bytes:
    out = io.BytesIO()
    with Image.open(io.BytesIO(coded_portrait(person(), "jpeg"))) as picture:
        picture.save(out, "JPEG2000", **options)
    return out.getvalue()


@pytest.mark.parametrize(
    "options",
    [
        {"irreversible": True},
        {"quality_mode": "rates", "quality_layers": [80, 40, 20]},
        {"tile_size": (256, 256)},
        {"precinct_size": (128, 128)},
        {"codeblock_size": (32, 32), "progression": "RPCL", "no_jp2": True, "plt": True},
    ],
)
def test_pictures_as_issuers_code_them(options: dict[str, object]) -> None:
    assert portrait_jpeg(ChipImage("JPEG2000", jpeg_2000(**options))).startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    "options", [{"tile_size": (8, 8)}, {"precinct_size": (8, 8)}, {"codeblock_size": (4, 4)}], ids=str
)
def test_a_small_file_that_asks_for_millions_of_parts(options: dict[str, object]) -> None:
    """Thousands of tiles in 100 kB take a decoder 600 MB."""
    with pytest.raises(EkycError) as error:
        portrait_jpeg(ChipImage("JPEG2000", jpeg_2000(**options)))
    assert error.value.code == "chip_unreadable"


def test_a_jpeg_of_thousands_of_scans() -> None:
    whole = coded_portrait(person(), "jpeg")
    scan = whole[whole.index(b"\xff\xda") : -2]
    with pytest.raises(EkycError) as error:
        portrait_jpeg(ChipImage("JPEG", whole[:-2] + scan[:20] * 100 + b"\xff\xd9"))
    assert error.value.detail == "portrait: JPEG of too many scans"
