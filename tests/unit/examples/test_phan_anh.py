"""Reports: what is public, what is not, and mistakes that cost the citizen nothing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from fastapi import FastAPI
from fastapi.testclient import TestClient

from examples.phan_anh.__main__ import main
from examples.phan_anh.communes import COMMUNES, PLACES, WARDS
from examples.phan_anh.report import check
from tests.unit.examples.conftest import CLAIMS, fields, open_browser, value
from tests.unit.examples.test_photo import encoded

GOOD = {
    "category": "pavement",
    "description": "Vỉa hè sụt một hố to.\nXe đạp dễ ngã.",
    "commune": "Phường Phan Đình Phùng",
    "place": "Trước số 12 đường Hoàng Văn Thụ",
    "visibility": "public",
}
OTHER = CLAIMS | {"sub": "pairwise-2", "name": "Trần Văn Bình"}


def photo(data: bytes, name: str = "a.jpg") -> dict[str, Any]:
    return {"photo": (name, data, "image/jpeg")}


def send(browser: TestClient, answers: dict[str, str], **more: Any) -> Any:
    return browser.post("/gui", data=fields(browser.get("/gui").text) | answers, **more)


def photo_in(page: str) -> str:
    found = re.search(r'src="(/anh/[^"]+\.jpg)"', page)
    assert found
    return found[1]


def test_the_province_has_its_92_communes() -> None:
    assert (len(set(WARDS)), len(set(COMMUNES)), len(PLACES)) == (15, 77, 92)


def test_a_report_gets_a_code_a_photo_and_a_timeline(phan_anh: FastAPI) -> None:
    browser = open_browser(phan_anh, CLAIMS)
    assert value(browser.get("/gui").text, "reporter") == CLAIMS["name"]
    done = send(browser, GOOD, files=photo(encoded("JPEG")))
    assert done.status_code == 303
    place = done.headers["location"]
    assert re.fullmatch(r"/phan-anh/PA-20\d\d-000001", place)
    page = browser.get(place).text
    assert "Đã tiếp nhận" in page
    answer = browser.get(photo_in(page))
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert place in browser.get("/cua-toi").text


def test_everyone_sees_a_public_report_without_the_name(phan_anh: FastAPI) -> None:
    place = send(open_browser(phan_anh, CLAIMS), GOOD, files=photo(encoded("PNG"))).headers["location"]
    for visitor in (open_browser(phan_anh, None), open_browser(phan_anh, OTHER)):
        home, page = visitor.get("/").text, visitor.get(place).text
        assert place in home
        assert "Xe đạp dễ ngã." in page
        assert visitor.get(photo_in(page)).status_code == 200
        assert CLAIMS["name"] not in home + page
        assert "pairwise-1" not in home + page
        assert "Bạn đã gửi" not in page


def test_a_private_report_exists_for_its_writer_alone(phan_anh: FastAPI) -> None:
    mine = open_browser(phan_anh, CLAIMS)
    place = send(mine, GOOD | {"visibility": "private"}, files=photo(encoded("WEBP"))).headers["location"]
    picture = photo_in(mine.get(place).text)
    assert mine.get(picture).status_code == 200
    for visitor in (open_browser(phan_anh, None), open_browser(phan_anh, OTHER)):
        assert visitor.get(place).status_code == 404
        assert visitor.get(picture).status_code == 404
        assert place not in visitor.get("/").text
    assert place not in mine.get("/").text
    assert place not in open_browser(phan_anh, OTHER).get("/cua-toi").text


def test_mistakes_keep_the_words_and_the_photo(phan_anh: FastAPI) -> None:
    browser = open_browser(phan_anh, CLAIMS)
    wrong = GOOD | {"description": "</textarea>", "commune": "Xã Không Có", "place": "<i>chợ</i>"}
    answer = send(browser, wrong | {"description": "hố"}, files=photo(encoded("JPEG")))
    assert answer.status_code == 422
    assert "ít nhất 10 chữ cái" in answer.text
    assert "Hãy chọn xã hoặc phường" in answer.text
    assert value(answer.text, "description") == "hố"
    assert value(answer.text, "place") == "<i>chợ</i>"
    assert "<i>" not in answer.text
    assert 'value="pavement" checked' in answer.text
    assert browser.get(photo_in(answer.text)).status_code == 200
    assert open_browser(phan_anh, OTHER).get(photo_in(answer.text)).status_code == 404
    done = browser.post("/gui", data=fields(answer.text) | GOOD)
    assert photo_in(browser.get(done.headers["location"]).text) == photo_in(answer.text)


def test_a_photo_of_someone_else_cannot_be_attached(phan_anh: FastAPI) -> None:
    failed = send(open_browser(phan_anh, CLAIMS), GOOD | {"place": ""}, files=photo(encoded("JPEG")))
    stolen = fields(failed.text)["kept_photo"]
    thief = open_browser(phan_anh, OTHER)
    place = send(thief, GOOD | {"kept_photo": stolen}).headers["location"]
    assert "/anh/" not in thief.get(place).text
    assert thief.get(f"/anh/{stolen}.jpg").status_code == 404


def test_words_are_escaped(phan_anh: FastAPI) -> None:
    browser = open_browser(phan_anh, CLAIMS)
    evil = '<img src=x onerror="alert(1)"> {{ 7*7 }}'
    place = send(browser, GOOD | {"description": evil, "place": evil}).headers["location"]
    for page in (browser.get(place).text, browser.get("/").text):
        assert "<img src=x" not in page
        assert "49" not in page.replace("1.49", "")
        assert "&lt;img src=x" in page


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "không có gì bên trong"),
        (b"GIF89a" + b"\0" * 200, "không phải ảnh"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "không phải ảnh"),
        (b"\0" * (8 * 1024 * 1024 + 1), "lớn hơn 8 MB"),
    ],
)
def test_a_bad_photo_is_refused_with_a_sentence(phan_anh: FastAPI, data: bytes, sentence: str) -> None:
    browser = open_browser(phan_anh, CLAIMS)
    answer = send(browser, GOOD, files=photo(data))
    assert answer.status_code == 422
    assert answer.text.count(sentence) == 2
    assert value(answer.text, "place") == GOOD["place"]
    assert phan_anh.state.reports.of("pairwise-1") == []


def test_no_photo_is_fine(phan_anh: FastAPI) -> None:
    browser = open_browser(phan_anh, CLAIMS)
    assert send(browser, GOOD, files=photo(b"", name="")).status_code == 303


def test_loose_photos_of_a_citizen_do_not_pile_up(phan_anh: FastAPI) -> None:
    photos = phan_anh.state.photos
    kept = [photos.keep("pairwise-1", b"x") for _ in range(7)]
    assert [photos.mine("pairwise-1", each) is not None for each in kept] == [False] * 2 + [True] * 5
    assert photos.jpeg("pairwise-2", kept[-1]) is None


def test_a_double_tap_makes_one_report(phan_anh: FastAPI) -> None:
    browser = open_browser(phan_anh, CLAIMS)
    hidden = fields(browser.get("/gui").text)
    places = {browser.post("/gui", data=hidden | GOOD).headers["location"] for _ in range(2)}
    assert len(places) == 1


def test_words_have_limits() -> None:
    assert "description" in check(GOOD | {"description": "a" * 1001})[1]
    assert "place" in check(GOOD | {"place": "a" * 201})[1]
    assert "category" in check(GOOD | {"category": "murder"})[1]
    assert "visibility" in check(GOOD | {"visibility": ""})[1]
    assert check(GOOD | {"description": "a" * 1000})[1] == {}


def test_sending_without_a_session_stores_nothing(phan_anh: FastAPI) -> None:
    browser = open_browser(phan_anh, None)
    browser.get("/gui")
    token = browser.cookies["phan_anh_csrf"]
    answer = browser.post("/gui", data=GOOD | {"csrf": token})
    assert answer.status_code == 401
    assert phan_anh.state.reports.public() == []


def test_the_office_takes_a_report_through_its_states(
    phan_anh: FastAPI, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = open_browser(phan_anh, CLAIMS)
    place = send(browser, GOOD).headers["location"]
    code = place.rsplit("/", 1)[1]
    monkeypatch.setenv("PHAN_ANH_DATA", str(tmp_path))
    assert CliRunner().invoke(main, ["advance", code]).output == f"{code} assigned\n"
    assert "Đội quản lý hạ tầng, Phường Phan Đình Phùng" in browser.get(place).text
    assert CliRunner().invoke(main, ["advance", code]).output == f"{code} done\n"
    assert CliRunner().invoke(main, ["advance", code]).exit_code == 2
    assert CliRunner().invoke(main, ["advance", "PA-2026-999999"]).exit_code == 2
