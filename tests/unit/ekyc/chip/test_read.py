"""Specimen chips through every step: what passes, and each way of being refused."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest

from ekyc.chip.anchors import Anchors
from ekyc.chip.files import LIMITS
from ekyc.chip.reading import ChipReading
from ekyc.chip.specimen.answer import answer_nonce
from ekyc.chip.specimen.authority import Holder, new_csca, new_signer
from ekyc.chip.specimen.groups import coded_portrait, dg2
from ekyc.chip.specimen.issue import Profile, SpecimenChip, issue_chip, security_object
from ekyc.errors import EkycError
from ekyc.image import decode
from ekyc.policy import ChipPolicy
from tests.ekyc_chips import NONCE, NOW, SHA1, anchors, chip, csca, person, read


def refused(made: SpecimenChip | None = None, **how: object) -> str:
    with pytest.raises(EkycError) as error:
        read(made, **how)  # type: ignore[arg-type]
    return error.value.code


def resigned(made: SpecimenChip, signer: Holder | None = None, **files: bytes) -> SpecimenChip:
    """The chip with other files, signed again: by its own signer, where none is given."""
    changed = {**made.files, **files}
    who = signer or made.signer
    changed["sod"] = security_object(changed, who, who.encoded, Profile())
    return replace(made, files=changed)


# What passes


@pytest.mark.parametrize(
    "profile",
    [
        Profile("rsa2048", "sha256", active="rsa1024"),
        Profile("rsa3072", "sha512", active="rsa2048", picture="jp2"),
        Profile("rsa2048", "sha384", pss=True, active="p256"),
        Profile("p256", "sha224", active="p384"),
        Profile("p384", "sha384", explicit=True, picture="jp2"),
        Profile("p521", "sha512", active="p521"),
        Profile("brainpool256", "sha256", explicit=True, active="brainpool256"),
        Profile("brainpool384", "sha384"),
    ],
    ids=str,
)
def test_every_kind_of_honest_chip_is_verified(profile: Profile) -> None:
    made = read(chip(profile))
    assert (made.trust, made.active, made.digest) == ("verified", True, profile.digest)
    assert made.issuer == hashlib.sha256(csca().encoded).hexdigest()
    assert {name: field.value for name, field in made.fields.items()} == {
        "number": "019304000127",
        "full_name": "NGUYỄN THỊ MAI ĐÀO",
        "date_of_birth": "2004-03-15",
        "sex": "female",
        "nationality": "Việt Nam",
        "place_of_origin": person().place_of_origin,
        "place_of_residence": person().place_of_residence,
        "date_of_issue": "2022-05-10",
        "date_of_expiry": "2029-03-15",
    }
    assert [(c.name, c.outcome) for c in made.checks] == [("chip_groups_agree", "pass")]
    assert decode(made.portrait).shape == (640, 480, 3)


@pytest.mark.parametrize("digest", ["sha1", "sha224", "sha256", "sha384", "sha512"])
def test_rsa_answers_with_every_trailer(digest: str) -> None:
    made = chip(Profile(active="rsa2048"))
    assert made.key is not None
    assert read(made, answer=answer_nonce(made.key, NONCE, digest)).active  # type: ignore[arg-type]


def test_without_a_known_authority_the_files_only_belong_together() -> None:
    assert read(trusted=Anchors()).trust == "integrity_only"
    assert not read(trusted=Anchors()).anchored
    foreign = read(trusted=anchors(new_csca("p256", now=NOW, name="Other")))
    assert (foreign.trust, foreign.anchored, foreign.issuer) == ("integrity_only", True, "")


def test_a_chip_that_cannot_sign_is_verified_but_not_shown_to_be_the_original() -> None:
    made = read(chip(Profile(active=None)))
    assert (made.trust, made.active) == ("verified", False)


def test_no_expiry_and_a_chip_without_dg13() -> None:
    old = replace(person(), card=replace(person().card, date_of_expiry=None))
    made = issue_chip(old, csca(), now=NOW)
    assert read(made).fields["date_of_expiry"].value is None
    fewer = {name: data for name, data in made.files.items() if name != "dg13"}
    short = read(made, files=fewer)
    assert short.fields["full_name"].value == "NGUYEN THI MAI DAO"
    assert short.fields["date_of_expiry"].value is None
    assert "place_of_residence" not in short.fields


def test_a_reading_comes_back_as_it_was() -> None:
    made = read()
    assert ChipReading.from_dict(made.to_dict()) == made


def test_nothing_of_ethnicity_and_religion_is_taken() -> None:
    assert "SPECIMEN" not in str(read().to_dict())


# Files that are missing, too long or cut


@pytest.mark.parametrize("name", ["dg1", "dg2", "sod"])
def test_without_a_needed_file(name: str) -> None:
    assert refused(files={**chip().files, name: b""}) == "chip_incomplete"
    assert refused(files={k: v for k, v in chip().files.items() if k != name}) == "chip_incomplete"


@pytest.mark.parametrize("name", sorted(LIMITS))
def test_a_file_longer_than_any_chip_has(name: str) -> None:
    assert refused(files={**chip().files, name: bytes(LIMITS[name] + 1)}) == "chip_too_large"
    assert refused(files={**chip().files, name: bytes(LIMITS[name])}) != "chip_too_large"


def test_an_answer_that_is_too_long_and_a_file_nobody_knows() -> None:
    assert refused(answer=bytes(1025)) == "chip_too_large"
    assert refused(files={**chip().files, "dg3": b"finger"}) == "usage"


@pytest.mark.parametrize("name", ["dg1", "dg2", "dg13", "dg14", "dg15"])
def test_a_group_cut_anywhere_is_changed(name: str) -> None:
    whole = chip().files[name]
    for size in {1, 2, 3, 4, 5, len(whole) // 2, len(whole) - 1}:
        assert refused(files={**chip().files, name: whole[:size]}) == "chip_hash_mismatch"


@pytest.mark.parametrize("name", ["dg1", "dg2", "dg13", "dg14", "dg15"])
def test_a_group_that_was_signed_cut_is_unreadable(name: str) -> None:
    """Each length class: inside the tag, the length, the header, the last byte; and one byte too many."""
    whole = chip().files[name]
    for size in {1, 2, 3, 4, 5, 6, len(whole) // 2, len(whole) - 1}:
        assert refused(resigned(chip(), **{name: whole[:size]})) == "chip_unreadable", size
    assert refused(resigned(chip(), **{name: whole + b"\0"})) == "chip_unreadable"


def test_a_security_object_cut_at_every_byte() -> None:
    whole = chip().files["sod"]
    codes = {refused(files={**chip().files, "sod": whole[:size]}) for size in range(1, len(whole))}
    assert codes == {"chip_unreadable"}


# Files that were changed


def test_one_changed_bit_of_a_group() -> None:
    for name in ("dg1", "dg2", "dg13", "dg14", "dg15"):
        changed = bytearray(chip().files[name])
        changed[-1] ^= 1
        assert refused(files={**chip().files, name: bytes(changed)}) == "chip_hash_mismatch"


def test_a_changed_bit_anywhere_in_the_security_object_changes_nothing_that_is_said() -> None:
    """Versions and the list of digests are not signed (RFC 5652, 5.1): nothing depends on them."""
    whole, honest = chip().files["sod"], read()
    codes = set()
    for at in range(len(whole)):
        changed = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
        try:
            reading = read(files={**chip().files, "sod": changed})
        except EkycError as error:
            codes.add(error.code)
        else:
            assert reading.fields == honest.fields
    assert codes >= {"chip_unreadable", "chip_signature_invalid", "chip_signer_untrusted"}
    assert all(code.startswith("chip_") for code in codes)


def test_groups_of_two_chips() -> None:
    other = issue_chip(replace(person(), full_name="Trần Thị Mai"), csca(), now=NOW)
    for name in ("dg1", "dg14", "dg15", "sod"):
        swapped = {**chip().files, name: other.files[name]}
        if swapped != chip().files:
            assert refused(files=swapped) == "chip_hash_mismatch", name


def test_two_groups_in_each_others_place() -> None:
    files = {**chip().files, "dg1": chip().files["dg13"], "dg13": chip().files["dg1"]}
    assert refused(files=files) == "chip_hash_mismatch"
    assert refused(resigned(chip(), **files)) == "chip_unreadable"


def test_a_group_that_nobody_signed() -> None:
    plain = chip(Profile(active=None))
    assert refused(plain, files={**plain.files, "dg15": chip().files["dg15"]}) == "chip_group_unsigned"


@pytest.mark.parametrize("withheld", ["dg14", "dg15"])
def test_what_shows_the_original_is_withheld(withheld: str) -> None:
    files = {name: data for name, data in chip().files.items() if name != withheld}
    assert refused(files=files) == "chip_downgraded"


def test_a_forged_chip_signed_by_a_stranger_who_calls_himself_the_authority() -> None:
    stranger = new_csca(now=NOW)  # the same name, another key
    assert refused(issue_chip(person(), stranger, now=NOW)) == "chip_signer_untrusted"


def test_a_forged_chip_with_the_certificate_of_an_honest_signer() -> None:
    forger = new_signer(new_csca(now=NOW), now=NOW)
    honest = chip()
    sod = security_object(
        honest.files, replace(forger, certificate=honest.signer.certificate), honest.signer.encoded, Profile()
    )
    assert refused(files={**honest.files, "sod": sod}) == "chip_signature_invalid"


# The signer


def test_an_expired_or_future_signer_or_authority() -> None:
    short = issue_chip(person(), csca(), signer=new_signer(csca(), now=NOW, valid=timedelta(days=30)))
    assert read(short).trust == "verified"
    assert refused(short, now=NOW + timedelta(days=31)) == "chip_signer_expired"
    assert refused(now=NOW - timedelta(days=2)) == "chip_signer_expired"
    long = issue_chip(person(), csca(), signer=new_signer(csca(), now=NOW, valid=timedelta(days=9000)))
    assert refused(long, now=NOW + timedelta(days=6000)) == "chip_signer_expired"


def test_a_revoked_signer() -> None:
    other = chip(Profile("p384"))
    assert refused(trusted=anchors(revoked=(other.signer, chip().signer))) == "chip_signer_revoked"
    assert read(trusted=anchors(revoked=(other.signer,))).trust == "verified"


def test_a_certificate_for_another_purpose_or_of_another_country() -> None:
    other_use = new_signer(csca(), now=NOW, signs=False)
    assert refused(issue_chip(person(), csca(), signer=other_use)) == "chip_signer_untrusted"
    assert refused(issue_chip(person(), csca(), signer=csca())) == "chip_signer_untrusted"
    abroad = ChipPolicy(country="XX")
    assert refused(policy=abroad) == "chip_signer_untrusted"


def test_sha1_only_where_the_policy_says_so() -> None:
    for profile in (
        Profile("rsa2048", "sha1"),
        Profile("p256", "sha1"),
        Profile("rsa2048", "sha1", pss=True),
    ):
        assert refused(chip(profile)) == "chip_algorithm_weak"
        assert read(chip(profile), policy=SHA1).trust == "verified"


def test_a_short_key_of_a_signer() -> None:
    assert refused(chip(Profile("rsa1024"))) == "chip_algorithm_weak"


# Active authentication


@pytest.mark.parametrize("kind", ["rsa1024", "rsa2048", "p256", "p521"])
def test_a_copy_cannot_sign(kind: str) -> None:
    made = chip(Profile(active=kind))  # type: ignore[arg-type]
    assert made.key is not None
    other = issue_chip(person(), csca(), Profile(active=kind), now=NOW)  # type: ignore[arg-type]
    assert other.key is not None
    good = answer_nonce(made.key, NONCE)
    assert refused(made, answer=b"") == "chip_answer_missing"
    for wrong in (
        answer_nonce(other.key, NONCE),
        answer_nonce(made.key, bytes(8)),  # an earlier nonce
        good[:-1],
        good + b"\0",
        bytes(len(good)),
        b"\xff" * len(good),
        b"\x01",
    ):
        assert refused(made, answer=wrong) == "chip_cloned"


def test_another_keys_dg15_is_a_changed_group() -> None:
    own = issue_chip(person(), csca(), now=NOW)
    assert own.key is not None
    files = {**chip().files, "dg15": own.files["dg15"]}
    assert refused(files=files, answer=answer_nonce(own.key, NONCE)) == "chip_hash_mismatch"


def test_an_ecdsa_key_needs_its_info() -> None:
    made = chip()
    silent = chip(Profile(active="rsa2048")).files["dg14"]
    assert refused(resigned(made, dg14=silent), answer=b"x") == "chip_algorithm_not_supported"


# What is inside


def test_another_countrys_or_kind_of_document() -> None:
    own = chip().files["dg1"]
    for old, new in ((b"IDVNM", b"IDLAO"), (b"IDVNM", b"P<VNM")):
        assert refused(resigned(chip(), dg1=own.replace(old, new, 1))) == "card_type_not_accepted"


def test_a_zone_against_its_check_digits() -> None:
    wrong = chip().files["dg1"].replace(b"0403151F", b"0403161F")
    assert refused(resigned(chip(), dg1=wrong)) == "chip_unreadable"


def test_groups_that_speak_of_two_people() -> None:
    other = issue_chip(replace(person(), full_name="Trần Thị Mai"), csca(), now=NOW)
    made = read(resigned(chip(), dg13=other.files["dg13"]))
    assert [(c.outcome, c.detail) for c in made.checks] == [("fail", "full_name")]


@pytest.mark.parametrize(
    "picture",
    [
        b"\xff\xd8\xff" + bytes(500),
        b"\x00\x00\x00\x0cjP  \r\n\x87\n" + bytes(500),
        b"\xff\x4f\xff\x51" + bytes(500),
        b"GIF89a" + bytes(500),
        b"",
    ],
)
def test_a_picture_that_is_none(picture: bytes) -> None:
    assert refused(resigned(chip(), dg2=dg2(picture, "jpeg"))) == "chip_unreadable"


def test_feature_points_before_the_picture_are_passed_over() -> None:
    made = resigned(chip(), dg2=dg2(coded_portrait(person(), "jp2"), "jp2", points=12))
    assert decode(read(made).portrait).shape == (640, 480, 3)
