"""The pieces without a server: keys, claims, metadata, sentences."""

from __future__ import annotations

from datetime import date
from typing import Any

import motcham
import pytest
from hypothesis import given
from hypothesis import strategies as st
from motcham import Address, Citizen, Place, ProviderError
from motcham._flow import parse_token_response, parse_userinfo, token_request
from motcham._jwks import KeyCache, matching_keys
from motcham._messages import SENTENCES, sentences
from motcham._metadata import parse_metadata
from motcham.errors import MotChamError

from tests.unit.sdk.peer import SigningKey

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def test_citizen_is_typed_and_silent() -> None:
    citizen = Citizen.from_claims(
        {
            "sub": "p-1",
            "name": "Nguyễn Thị Ngọc Ánh",
            "birthdate": "1990-02-28",
            "acr": "vn-ekyc-2",
            "vn_personal_number": "019190000001",
            "address": {"formatted": "Tổ 5\nPhường Tích Lương", "region": "Thái Nguyên"},
            "place_of_birth": {"locality": "Phường Tích Lương", "country": "VNM"},
            "nationalities": ["VNM"],
        }
    )
    assert citizen.birthdate == date(1990, 2, 28)
    assert citizen.level == 2
    assert citizen.personal_number == "019190000001"
    assert citizen.address == Address(formatted="Tổ 5\nPhường Tích Lương", region="Thái Nguyên")
    assert str(citizen.address) == "Tổ 5, Phường Tích Lương"
    assert str(citizen.place_of_birth) == "Phường Tích Lương"
    assert citizen.nationalities == ("VNM",)
    assert repr(citizen) == str(citizen) == "Citizen(sub='p-1', level=2)"
    assert len({citizen, citizen}) == 1
    with pytest.raises(TypeError):
        citizen.claims["name"] = "x"  # type: ignore[index]


def test_place_of_birth_may_be_text() -> None:
    assert Citizen.from_claims({"sub": "s", "place_of_birth": "Huế"}).place_of_birth == Place("Huế")


@given(st.dictionaries(st.sampled_from([*Citizen.__dataclass_fields__, "acr", "vn_personal_number"]), JSON))
def test_no_claim_of_a_wrong_type_breaks_the_app(claims: dict[str, Any]) -> None:
    citizen = Citizen.from_claims({**claims, "sub": "s"})
    assert citizen.name is None or isinstance(citizen.name, str)
    assert isinstance(citizen.level, int)
    assert str(citizen.address or "") is not None


@given(JSON)
def test_metadata_of_any_shape_is_refused_politely(document: object) -> None:
    with pytest.raises(ProviderError):
        parse_metadata("https://id.example.vn", document)


@given(st.binary(max_size=200), st.sampled_from([200, 400, 302]))
def test_answers_of_any_shape_are_refused_politely(body: bytes, status: int) -> None:
    with pytest.raises(ProviderError):
        parse_token_response(status, body)
    with pytest.raises(ProviderError):
        parse_userinfo(status, body, "subject")


def test_keys_for_other_purposes_are_passed_over() -> None:
    good = SigningKey("k").public()
    document = {
        "keys": [
            {**good, "use": "enc"},
            {**good, "kid": "other"},
            {**good, "alg": "ES384"},
            {**good, "crv": "P-384"},
            {**good, "kty": "oct", "k": "AA"},
            {**good, "x": "!"},
            "rubbish",
            good,
        ]
    }
    assert [key.key_id for key in matching_keys(document, "k", "ES256")] == ["k"]
    assert matching_keys({"keys": "none"}, None, "ES256") == []


def test_unknown_keys_cause_few_fetches_and_old_keys_are_forgotten() -> None:
    now, fetched = 0.0, 0
    published = [SigningKey("a").public()]

    def fetch() -> object:
        nonlocal fetched
        fetched += 1
        return {"keys": list(published)}

    cache = KeyCache(fetch, clock=lambda: now)
    for _ in range(50):
        assert cache.keys("unknown", "ES256") == []
    assert fetched == 6
    now += 61
    published[:] = [SigningKey("b").public()]
    assert cache.keys("b", "ES256")
    assert cache.keys("a", "ES256") == []
    published.clear()
    now += 3601
    assert cache.keys("b", "ES256") == []


def test_old_keys_serve_while_the_provider_is_away() -> None:
    now, away = 0.0, False

    def fetch() -> object:
        if away:
            raise ProviderError("provider_unavailable", "away")
        return {"keys": [SigningKey("a").public()]}

    cache = KeyCache(fetch, clock=lambda: now)
    assert cache.keys("a", "ES256")
    now, away = 4000, True
    assert cache.keys("a", "ES256")
    with pytest.raises(ProviderError):
        KeyCache(fetch).keys("a", "ES256")


def test_a_public_client_names_itself_in_the_form() -> None:
    metadata = parse_metadata(
        "https://id.example.vn",
        {
            "issuer": "https://id.example.vn",
            "authorization_endpoint": "https://id.example.vn/a",
            "token_endpoint": "https://id.example.vn/t",
            "jwks_uri": "https://id.example.vn/j",
        },
    )
    transaction = motcham._flow.begin("/", 0)
    request = token_request(
        metadata, "app", None, "https://app.example.vn/motcham/callback", "c", transaction
    )
    assert request.form is not None
    assert request.form["client_id"] == "app"
    assert "Authorization" not in request.headers


def all_errors(kind: type[MotChamError]) -> set[str]:
    return {kind.__name__}.union(*(all_errors(child) for child in kind.__subclasses__()))


def test_every_error_is_public_and_every_sentence_is_in_both_languages() -> None:
    assert all_errors(MotChamError) <= set(motcham.__all__)
    for code in [*SENTENCES, "id_token_nonce"]:
        vi, en = sentences(code)
        assert vi
        assert en
        assert vi != en
