"""What both apps inherit: languages, error pages, headers, CSRF, size limit."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from fastapi import FastAPI

from examples.province.text import LANGUAGES, Text, plain, tidy
from tests.unit.examples.conftest import CLAIMS, fields, open_browser

EXAMPLES = Path(__file__).parents[3] / "examples"
FORMS = ("/thu-tuc/cap-ban-sao-trich-luc-khai-sinh/to-khai", "/gui")


def form_of(app: FastAPI) -> str:
    return FORMS["Phản ánh" in app.title]


@pytest.mark.parametrize("app", ["dich_vu_cong", "phan_anh"])
def test_every_sentence_exists_in_both_languages_with_the_same_values(app: str) -> None:
    text = Text(EXAMPLES / "province" / "messages", EXAMPLES / app / "messages")
    vi, en = (text.messages[language] for language in LANGUAGES)
    assert vi.keys() == en.keys()
    for key in vi:
        names = [{name for _, name, _, _ in string.Formatter().parse(said[key])} for said in (vi, en)]
        assert names[0] == names[1], key


def test_health_answers_without_a_session(either: FastAPI) -> None:
    answer = open_browser(either, None).get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok")


def test_pages_load_nothing_from_elsewhere_and_run_no_script(either: FastAPI) -> None:
    answer = open_browser(either, CLAIMS).get("/")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "form-action 'self' http://id.localhost:8400;" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    for forbidden in ("<script", "style=", "onclick", "http://", "https://"):
        assert forbidden not in answer.text


def test_english_is_chosen_once_and_remembered(either: FastAPI) -> None:
    browser = open_browser(either, None)
    assert '<html lang="vi">' in browser.get("/").text
    assert '<html lang="en">' in browser.get("/?lang=en").text
    assert '<html lang="en">' in browser.get("/nowhere").text
    assert '<html lang="vi">' in browser.get("/?lang=vi").text
    assert '<html lang="vi">' in browser.get("/?lang=xx").text


def test_a_missing_page_says_so_in_the_citizens_language_with_a_request_id(either: FastAPI) -> None:
    browser = open_browser(either, CLAIMS)
    answer = browser.get("/nowhere")
    assert answer.status_code == 404
    assert "Không tìm thấy trang này" in answer.text
    assert "This page was not found" in browser.get("/nowhere?lang=en").text
    assert f'id="request-id">{answer.headers["x-request-id"]}<' in answer.text
    assert CLAIMS["name"] in answer.text


def test_a_failure_inside_shows_a_page_without_its_cause(either: FastAPI) -> None:
    def fail() -> None:
        raise RuntimeError("the secret cause")

    either.add_api_route("/fail", fail)
    answer = open_browser(either, None).get("/fail")
    assert answer.status_code == 500
    assert "Có lỗi ở phía chúng tôi" in answer.text
    assert "the secret cause" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-request-id"] in answer.text


def test_data_of_the_wrong_type_gets_a_page(either: FastAPI) -> None:
    def numbered(number: int) -> None: ...

    either.add_api_route("/numbered", numbered)
    answer = open_browser(either, None).get("/numbered?number=x")
    assert answer.status_code == 422
    assert "Dữ liệu gửi lên không đúng" in answer.text


@pytest.mark.parametrize("token", ["", "x" * 43, "đ"])
def test_a_form_without_our_token_is_refused(either: FastAPI, token: str) -> None:
    browser = open_browser(either, CLAIMS)
    browser.get(form_of(either))
    answer = browser.post(form_of(either), data={"csrf": token})
    assert answer.status_code == 403
    assert "<code>csrf</code>" in answer.text


@pytest.mark.parametrize("origin", ["http://evil.localhost", "null", "http://testserver.evil", ""])
def test_a_form_from_another_origin_is_refused_even_with_the_token(either: FastAPI, origin: str) -> None:
    browser = open_browser(either, CLAIMS)
    hidden = fields(browser.get(form_of(either)).text)
    assert browser.post(form_of(either), data=hidden, headers={"Origin": origin}).status_code == 403
    own = browser.post(form_of(either), data=hidden, headers={"Origin": "http://testserver"})
    assert own.status_code == 422


def test_a_body_above_the_limit_is_refused(either: FastAPI) -> None:
    browser = open_browser(either, CLAIMS)
    hidden = fields(browser.get(form_of(either)).text)
    files = {"photo": ("a.jpg", b"\xff" * (9 * 1024 * 1024), "image/jpeg")}
    answer = browser.post(form_of(either), data=hidden, files=files)
    assert answer.status_code == 413
    assert "<code>too_large</code>" in answer.text


def test_a_body_above_the_limit_is_refused_when_its_length_was_not_declared(either: FastAPI) -> None:
    browser = open_browser(either, CLAIMS)
    browser.get(form_of(either))
    chunks = (b"a" * 1024 * 1024 for _ in range(9))
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert browser.post(form_of(either), content=chunks, headers=headers).status_code == 413


def test_not_signed_in_shows_the_button_that_comes_back_to_the_form(either: FastAPI) -> None:
    page = open_browser(either, None).get(form_of(either)).text
    assert page.count('class="motcham-button"') == 1
    assert f"return_to={form_of(either).replace('/', '%2F')}" in page
    assert 'id="sign-out"' not in page


def test_signed_in_shows_the_name_escaped_and_the_sign_out_button(either: FastAPI) -> None:
    page = open_browser(either, CLAIMS | {"name": "<b>Ánh</b>"}).get("/").text
    assert "&lt;b&gt;Ánh&lt;/b&gt;" in page
    assert "<b>Ánh" not in page
    assert 'action="/motcham/sign-out"' in page
    assert "motcham-button" not in page


def test_text_is_tidied_and_made_plain() -> None:
    assert tidy("  a\u0000b\t c\r\n\u202ed ") == "ab c\nd"
    assert tidy("e\u0302\u0301") == "ế"
    assert plain("Đăng ký KHAI SINH") == "dang ky khai sinh"
