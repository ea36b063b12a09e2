"""Public services: the form that fills itself, its mistakes, and dossiers that only their owner sees."""

from __future__ import annotations

import html
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from fastapi import FastAPI
from motcham.fastapi import Citizen

from examples.dich_vu_cong.__main__ import main
from examples.dich_vu_cong.application import check, from_account
from tests.unit.examples.conftest import CLAIMS, fields, open_browser, value

FORM = "/thu-tuc/cap-ban-sao-trich-luc-khai-sinh/to-khai"
GOOD = {
    "copies": "2",
    "purpose": "study",
    "purpose_note": "",
    "delivery": "post",
    "delivery_address": "Tổ 5, Phan Đình Phùng",
    "phone": "0912 345 678",
}
PREFILLED = ("full_name", "birthdate", "gender", "personal_number", "place_of_birth", "address")


def send(app: FastAPI, answers: dict[str, str], claims: dict[str, Any] = CLAIMS) -> Any:
    browser = open_browser(app, claims)
    return browser.post(FORM, data=fields(browser.get(FORM).text) | answers)


def test_search_finds_with_and_without_marks_in_both_languages(dich_vu_cong: FastAPI) -> None:
    browser = open_browser(dich_vu_cong, None)
    for wanted in ("trích lục", "trich luc", "TRICH  LUC", "birth copy"):
        page = browser.get("/", params={"q": wanted}).text
        assert f'href="{FORM.removesuffix("/to-khai")}"' in page, wanted
        assert 'href="/thu-tuc/dang-ky-ket-hon"' not in page, wanted
    nothing = browser.get("/", params={"q": "<script>alert(1)</script>"}).text
    assert "<script" not in nothing
    assert "&lt;script&gt;" in nothing


def test_the_procedure_page_leads_to_the_form(dich_vu_cong: FastAPI) -> None:
    before = open_browser(dich_vu_cong, None).get(FORM.removesuffix("/to-khai")).text
    assert f"return_to={FORM.replace('/', '%2F')}" in before
    after = open_browser(dich_vu_cong, CLAIMS).get(FORM.removesuffix("/to-khai")).text
    assert f'href="{FORM}"' in after
    offline = open_browser(dich_vu_cong, CLAIMS).get("/thu-tuc/dang-ky-ket-hon").text
    assert "chưa nhận trên mạng" in offline


def test_the_form_fills_itself_and_says_from_where(dich_vu_cong: FastAPI) -> None:
    page = open_browser(dich_vu_cong, CLAIMS).get(FORM).text
    shown = {name: value(page, name) for name in PREFILLED}
    assert shown == {
        "full_name": "Nguyễn Thị Ngọc Ánh",
        "birthdate": "28/02/1990",
        "gender": "Nữ",
        "personal_number": "019190012345",
        "place_of_birth": "Xã Đại Từ, tỉnh Thái Nguyên",
        "address": "Tổ 5, Phường Phan Đình Phùng, Thái Nguyên",
    }
    assert page.count("Lấy từ tài khoản Một Chạm") == 6
    assert value(page, "delivery_address") == shown["address"]
    assert not any(f'name="{name}"' in page for name in PREFILLED)


def test_what_the_account_does_not_give_is_asked(dich_vu_cong: FastAPI) -> None:
    known = {"sub": "x", "name": "Lê Văn An"}
    page = open_browser(dich_vu_cong, known).get(FORM).text
    assert [name for name in PREFILLED if f'name="{name}"' in page] == list(PREFILLED[1:])
    answers = {
        "birthdate": "1980-05-01",
        "gender": "male",
        "personal_number": "019080000001",
        "place_of_birth": "Phổ Yên",
        "address": "Xóm 1",
    }
    done = send(dich_vu_cong, GOOD | answers, known)
    assert done.status_code == 303
    dossier = dich_vu_cong.state.dossiers.of("x")[0]
    assert dossier.application.birthdate == date(1980, 5, 1)
    assert dossier.application.place_of_birth == "Phổ Yên"


def test_a_good_application_becomes_a_dossier_with_code_and_timeline(dich_vu_cong: FastAPI) -> None:
    browser = open_browser(dich_vu_cong, CLAIMS)
    done = browser.post(FORM, data=fields(browser.get(FORM).text) | GOOD)
    assert done.status_code == 303
    place = done.headers["location"]
    assert re.fullmatch(r"/ho-so/TN-20\d\d-000001", place)
    page = browser.get(place).text
    assert "Đã tiếp nhận" in page
    assert 'aria-current="step"' in page
    assert "16.000 đồng" in page
    assert "0912345678" in page
    assert "019190012345" not in page
    assert place in browser.get("/ho-so").text


def test_posted_identity_cannot_overrule_the_account(dich_vu_cong: FastAPI) -> None:
    forged = {"full_name": "Người Khác", "personal_number": "019199999999", "birthdate": "2000-01-01"}
    assert send(dich_vu_cong, GOOD | forged).status_code == 303
    stored = dich_vu_cong.state.dossiers.of("pairwise-1")[0].application
    assert (stored.full_name, stored.personal_number) == (CLAIMS["name"], CLAIMS["vn_personal_number"])
    assert stored.birthdate == date(1990, 2, 28)


def test_mistakes_are_named_in_both_languages_and_keep_what_was_typed(dich_vu_cong: FastAPI) -> None:
    browser = open_browser(dich_vu_cong, CLAIMS)
    wrong = GOOD | {
        "copies": "21",
        "phone": "12 ab",
        "purpose": "",
        "delivery_address": '"><script>x</script>',
    }
    answer = browser.post(FORM, data=fields(browser.get(FORM).text) | wrong)
    assert answer.status_code == 422
    for sentence in ("một số từ 1 đến 20", "bắt đầu bằng 0", "dùng bản sao để làm gì"):
        assert answer.text.count(sentence) >= 2
    assert value(answer.text, "copies") == "21"
    assert value(answer.text, "phone") == "12ab"
    assert value(answer.text, "delivery_address") == '"><script>x</script>'
    assert "<script" not in answer.text
    assert re.search(r'value="post" checked', answer.text)
    english = browser.post(FORM + "?lang=en", data=fields(answer.text) | wrong).text
    assert "is a number from 1 to 20" in english
    assert dich_vu_cong.state.dossiers.of("pairwise-1") == []


@pytest.mark.parametrize(
    ("field", "typed", "fine"),
    [
        ("copies", "1", True),
        ("copies", "20", True),
        ("copies", "0", False),
        ("copies", "٣", False),
        ("copies", "1.5", False),
        ("phone", "+84 912 345 678", True),
        ("phone", "02083123456", True),
        ("phone", "0112345678", False),
        ("phone", "09123456789", False),
        ("phone", "０912345678", False),
        ("purpose", "bribe", False),
        ("purpose", "other", False),
        ("delivery", "pigeon", False),
        ("delivery_address", "", False),
        ("delivery_address", "a" * 301, False),
        ("birthdate", "2999-01-01", False),
        ("birthdate", "31/12/1990", False),
        ("personal_number", "01919001234", False),
        ("gender", "", False),
        ("full_name", "  ", False),
    ],
)
def test_each_answer_is_judged(field: str, typed: str, fine: bool) -> None:
    given = from_account(Citizen.from_claims(CLAIMS))
    given.pop(field, None)
    errors = check(GOOD | {field: typed}, given)[1]
    wanted = set() if fine else {"purpose_note" if typed == "other" else field}
    assert set(errors) == wanted


def test_a_double_tap_makes_one_dossier(dich_vu_cong: FastAPI) -> None:
    browser = open_browser(dich_vu_cong, CLAIMS)
    hidden = fields(browser.get(FORM).text)
    places = [browser.post(FORM, data=hidden | GOOD).headers["location"] for _ in range(2)]
    assert places[0] == places[1]
    again = browser.post(FORM, data=fields(browser.get(FORM).text) | GOOD).headers["location"]
    assert again != places[0]


def test_another_citizens_dossier_does_not_exist(dich_vu_cong: FastAPI) -> None:
    place = send(dich_vu_cong, GOOD).headers["location"]
    other = open_browser(dich_vu_cong, CLAIMS | {"sub": "pairwise-2"})
    assert other.get(place).status_code == 404
    assert place not in other.get("/ho-so").text
    missing = other.get(place[:-1] + "9")
    ids = r"[0-9a-f]{16}"
    assert re.sub(ids, "", missing.text).replace(place[:-1] + "9", "") == re.sub(
        ids, "", other.get(place).text
    ).replace(place, "")


def test_a_dossier_asks_strangers_to_sign_in(dich_vu_cong: FastAPI) -> None:
    place = send(dich_vu_cong, GOOD).headers["location"]
    answer = open_browser(dich_vu_cong, None).get(place)
    assert CLAIMS["name"] not in html.unescape(answer.text)
    assert answer.status_code != 200


def test_the_office_takes_a_dossier_through_its_states(
    dich_vu_cong: FastAPI, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = send(dich_vu_cong, GOOD).headers["location"].rsplit("/", 1)[1]
    monkeypatch.setenv("DICH_VU_CONG_DATA", str(tmp_path))
    said = [CliRunner().invoke(main, ["advance", code]) for _ in range(4)]
    assert [run.output for run in said[:3]] == [f"{code} {s}\n" for s in ("checking", "signed", "returned")]
    assert said[3].exit_code == 2
    assert "Đã trả kết quả" in open_browser(dich_vu_cong, CLAIMS).get("/ho-so").text
