"""A card photo in pieces over HTTP, as a phone on a bad network sends it; and frames that are sent twice."""

from __future__ import annotations

import re
from dataclasses import replace
from threading import Thread
from typing import Any

import httpx
import pytest

from ekyc.specimen.samples import sample_citizens
from idp.domain.errors import CheckRefused
from idp.domain.upload import LIFETIME, MAX_LENGTH
from idp.usecases.once import once
from idp.usecases.purge import purge
from tests.flows.conftest import csrf_of
from tests.flows.test_enrolment import Citizen, Office, _shot, citizen, office

__all__ = ["citizen", "office"]
KEY = "a" * 64


class Sender:
    """What the page's script does with one photo."""

    def __init__(self, citizen: Citizen, page: str) -> None:
        self.http = citizen.http
        self.page = page
        self.headers = {"X-CSRF": csrf_of(self.http.get(page))}

    def begin(self, length: object, key: str = KEY) -> httpx.Response:
        headers = self.headers | {"Idempotency-Key": key, "Upload-Length": str(length)}
        return self.http.post(self.page + "/upload", headers=headers)

    def piece(self, url: str, offset: object, data: bytes) -> httpx.Response:
        headers = self.headers | {"Upload-Offset": str(offset)}
        return self.http.patch(url, content=data, headers=headers)

    def whole(self, image: bytes, key: str = KEY) -> str:
        url: str = self.begin(len(image), key).headers["location"]
        assert self.piece(url, 0, image).headers["upload-complete"] == "?1"
        return url

    def use(self, url: str) -> httpx.Response:
        return self.http.post(url, headers=self.headers)


def _record(office: Office) -> Any:
    """What the engine holds of the newest enrolment in the face step."""
    with office.provider.services.store.read() as tx:
        newest = max(tx.enrolments.in_state("face"), key=lambda enrolment: enrolment.created_at)
    checker: Any = office.provider.services.checker
    return checker._inner._engine._store.load(newest.check_id)


def _csrf(citizen: Citizen, page: str) -> str:
    found = re.search(r'data-csrf="([0-9a-f]+)"', citizen.http.get(page).text)
    assert found
    return found[1]


def test_a_photo_in_pieces_is_read_once(office: Office, citizen: Citizen) -> None:
    image = office.photo("06")[0]
    page = citizen.start()
    sender = Sender(citizen, page)
    begun = sender.begin(len(image))
    assert (begun.status_code, begun.headers["upload-offset"]) == (201, "0")
    url = begun.headers["location"]
    half = len(image) // 2
    assert sender.piece(url, 0, image[:half]).headers["upload-offset"] == str(half)
    early = sender.use(url)
    assert (early.status_code, early.json()["code"]) == (409, "upload_incomplete")
    lost = sender.piece(url, 0, image[:half])  # its answer was lost, so the phone sends it again
    assert (lost.status_code, lost.headers["upload-offset"]) == (409, str(half))
    told = citizen.http.head(url)
    assert (told.headers["upload-offset"], told.headers["upload-complete"]) == (str(half), "?0")
    # The page was opened again and the same picture chosen: it goes on from there.
    assert sender.begin(len(image)).headers["location"] == url
    assert sender.piece(url, half, image[half:]).headers["upload-complete"] == "?1"
    first = sender.use(url)
    assert first.json() == {"next": page.removesuffix("front") + "back", "code": None, "message": None}
    assert sender.use(url).json() == first.json()  # that answer was lost too
    with office.provider.services.store.read() as tx:
        assert tx.uploads.total(office.provider.services.clock()) == 0  # read, so deleted


def test_a_refused_photo_is_refused_once(office: Office, citizen: Citizen) -> None:
    sender = Sender(citizen, citizen.start())
    url = sender.whole(b"not a picture at all")
    answer = sender.use(url).json()
    assert answer["code"] == "image_not_supported"
    assert answer["message"]
    assert answer["next"] == sender.page
    assert sender.use(url).json() == answer
    assert citizen.http.head(url).status_code == 404
    assert sender.whole(b"not a picture at all") != url  # the same file once more is a new try


def test_only_the_enrolments_own_browser_reaches_it(office: Office, citizen: Citizen) -> None:
    sender = Sender(citizen, citizen.start())
    url = sender.begin(10).headers["location"]
    other = Citizen(office.provider)
    thief = Sender(other, other.start())
    theirs = thief.page + "/upload/" + url.rsplit("/", 1)[1]
    for answer in (thief.piece(theirs, 0, b"x"), other.http.head(theirs), thief.use(theirs)):
        assert answer.status_code == 404
    assert thief.piece(url, 0, b"x").status_code in (403, 404, 410)
    wrong_side = url.replace("/front/", "/back/")
    assert sender.piece(wrong_side, 0, b"x").status_code == 409
    assert citizen.http.patch(url, content=b"x", headers={"Upload-Offset": "0"}).status_code == 403  # no CSRF
    assert citizen.http.head(url).headers["upload-offset"] == "0"


@pytest.mark.parametrize(
    ("length", "key", "status"),
    [
        (MAX_LENGTH + 1, KEY, 413),
        (0, KEY, 413),
        ("-1", KEY, 400),
        ("1e3", KEY, 400),
        ("", KEY, 400),
        (10, "short", 400),
        (10, "k" * 65, 400),
    ],
)
def test_what_cannot_be_begun(citizen: Citizen, length: object, key: str, status: int) -> None:
    assert Sender(citizen, citizen.start()).begin(length, key).status_code == status


def test_no_more_is_taken_than_was_announced(citizen: Citizen) -> None:
    sender = Sender(citizen, citizen.start())
    url = sender.begin(4).headers["location"]
    assert sender.piece(url, 0, b"12345").status_code == 413
    assert sender.piece(url, "x", b"1").status_code == 400
    assert sender.piece(url, 0, b"").headers["upload-offset"] == "0"
    assert sender.piece(url, 0, b"1234").headers["upload-complete"] == "?1"


def test_pieces_go_when_they_are_over_or_the_citizen_starts_over(office: Office, citizen: Citizen) -> None:
    services = office.provider.services
    page = citizen.start()
    sender = Sender(citizen, page)
    sender.whole(b"x" * 1000)
    later = replace(services, clock=lambda: services.clock() + LIFETIME + 1)
    purge(later)
    with services.store.read() as tx:
        assert tx.uploads.total(0) == 0
    sender.whole(b"x" * 1000)
    form = citizen.http.get(page)
    citizen.http.post(page.removesuffix("front") + "start-over", data={"csrf": csrf_of(form)})
    with services.store.read() as tx:
        assert tx.uploads.total(0) == 0


def test_many_calls_with_one_key_do_the_work_once(office: Office) -> None:
    services, done, told = office.provider.services, [], []

    def work() -> dict[str, Any]:
        done.append(1)
        return {"n": len(done)}

    def call() -> None:
        try:
            told.append(once(services, "key of a test", work)["n"])
        except CheckRefused as refusal:
            told.append(refusal.code)

    threads = [Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 1
    assert set(told) <= {1, "busy"} and 1 in told

    def fail() -> dict[str, Any]:
        raise CheckRefused("ekyc_unavailable", status=503)

    with pytest.raises(CheckRefused):
        once(services, "key of a failure", fail)
    assert once(services, "key of a failure", work) == {"n": 2}  # nothing came of it, so it is done again


def test_frames_sent_twice_count_once(office: Office, citizen: Citizen) -> None:
    page = citizen.photos(office.photo("06"))
    headers = {"X-CSRF": _csrf(citizen, page), "Idempotency-Key": "batch-1"}
    person = next(one for one in sample_citizens() if one.id == "06")
    batch = [_shot(person.frames("neutral")[0]) for _ in range(2)]

    def send() -> Any:
        files = [("frames", ("f.jpg", image, "image/jpeg")) for image in batch]
        # so far apart that, sent again without a key, they would pass for a page opened anew
        return citizen.http.post(
            page + "/frames", data={"at": ["100", "4000"]}, files=files, headers=headers
        ).json()

    first = send()
    assert send() == first
    record = _record(office)
    assert (record.progress.frames, record.attempts) == (2, 1)
