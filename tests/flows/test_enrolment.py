"""Enrolment over HTTP with real photographs, real models and the real registry."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Thread

import cv2
import httpx
import numpy as np
import pytest

from ekyc.registry.embedded import EmbeddedRegistry, open_registry
from ekyc.registry.person import Person
from ekyc.specimen import photograph, print_card
from ekyc.specimen.samples import sample_citizens
from idp.app import create_app
from idp.domain.errors import CheckRefused
from idp.domain.models import Client
from idp.settings import Settings
from idp.usecases.admin import first_sign_in_link
from idp.usecases.create_client import create_client
from idp.usecases.purge import purge
from tests.ekyc_samples import other_order
from tests.flows.conftest import ISSUER, REDIRECT, Browser, Provider, csrf_of, query_of

PASSWORD = "ấm trà buổi sáng"


@dataclass
class Office:
    """One provider for this file, and the registry behind it."""

    provider: Provider
    registry: EmbeddedRegistry
    photos: dict[tuple[str, str], tuple[bytes, bytes]] = field(default_factory=dict)

    def person(self, sample: str) -> Person:
        return self.registry.person(self.registry.sample_numbers()[sample])

    def photo(self, sample: str, person: Person | None = None) -> tuple[bytes, bytes]:
        """JPEG of front and back."""
        key = (sample, repr(person))
        if key not in self.photos:
            card = print_card(person or self.person(sample))
            self.photos[key] = (photograph(card.front, "easy", 7), photograph(card.back, "easy", 8))
        return self.photos[key]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    data: Path = tmp_path_factory.mktemp("office")
    registry = open_registry(data)
    registry.seed(60, seed=1)
    app = create_app(Settings(data=data, issuer=ISSUER))
    draft = Client("", "Dịch vụ công", (REDIRECT,), "client_secret_basic")
    client, secret = create_client(app.state.services, draft)
    yield Office(Provider(app, app.state.services, client.client_id, secret or "", ""), registry)
    registry.close()


class Citizen(Browser):
    """A browser on its way through enrolment."""

    def start(self) -> str:
        page = self.authorize().headers["location"].removesuffix("/sign-in") + "/enrol"
        return self.submit(page, agree_document="yes", agree_face="yes").headers["location"]

    def send(self, page: str, image: bytes) -> httpx.Response:
        form = self.http.get(page)
        assert form.status_code == 200, form.text
        files = {"photo": ("photo.jpg", image, "image/jpeg")}
        return self.http.post(page, data={"csrf": csrf_of(form)}, files=files)

    def photos(self, pair: tuple[bytes, bytes]) -> str:
        front = self.start()
        back = self.send(front, pair[0])
        assert back.status_code == 303, back.text
        face = self.send(back.headers["location"], pair[1])
        assert face.status_code == 303, face.text
        return face.headers["location"]

    def face(self, page: str, sample: str, order: list[str] | None = None) -> dict[str, object]:
        """Plays the challenge of the page with a sample citizen's frames; the last answer."""
        html = self.http.get(page).text
        token = re.search(r'data-csrf="([0-9a-f]+)"', html)
        assert token
        actions = order or re.findall(r'data-action="(\w+)"', html)
        person = next(citizen for citizen in sample_citizens() if citizen.id == sample)
        still = person.frames("neutral")
        stream = still * 3
        for action in actions:
            moving = person.frames(action)
            stream += [
                *moving,
                *(moving[-2:] if action.startswith("turn") else []),
                *reversed(moving),
                *still,
                *still,
            ]
        answer: dict[str, object] = {}
        for start in range(0, len(stream), 4):
            batch = stream[start : start + 4]
            files = [("frames", (f"{n}.jpg", _shot(image), "image/jpeg")) for n, image in enumerate(batch)]
            at = [str(200 * (start + n)) for n in range(len(batch))]
            reply = self.http.post(
                page + "/frames", data={"at": at}, files=files, headers={"X-CSRF": token[1]}
            )
            assert reply.status_code == 200, reply.text
            answer = reply.json()
            if answer["state"] != "continue":
                break
        return answer

    def code_at(self, page: str) -> str:
        found = re.search(r'data-code="(\w+)"', self.http.get(page).text)
        assert found
        return found[1]


def _shot(image: bytes) -> bytes:
    """The same scene once more: a camera's noise makes every frame its own (frames are single-use)."""
    pixels = cv2.imdecode(np.frombuffer(image, np.uint8), cv2.IMREAD_COLOR)
    assert pixels is not None
    noisy = np.clip(pixels + np.random.default_rng().normal(0, 1.5, pixels.shape), 0, 255).astype(np.uint8)
    return cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, 88])[1].tobytes()


@pytest.fixture
def citizen(office: Office) -> Citizen:
    return Citizen(office.provider)


def test_one_card_one_face_one_account(office: Office, citizen: Citizen) -> None:
    person = office.person("04")
    done = citizen.face(citizen.photos(office.photo("04")), "04")
    assert done["state"] == "done", done
    review = str(done["next"])
    assert person.full_name in citizen.http.get(review).text
    credential = citizen.submit(review).headers["location"]
    consent = citizen.submit(credential, password=PASSWORD, password_again=PASSWORD).headers["location"]
    assert consent.endswith("/consent")
    code = query_of(citizen.submit(consent, decision="allow").headers["location"])["code"]
    token = citizen.exchange(code).json()["access_token"]
    info = citizen.http.get("/userinfo", headers={"Authorization": f"Bearer {token}"}).json()
    assert info["name"] == person.full_name
    assert info["birthdate"] == person.date_of_birth.isoformat()

    # The same person again, in another browser: nothing is created, sign-in and recovery are offered.
    again = Citizen(office.provider)
    known = again.face(again.photos(office.photo("04")), "04")
    refused = str(known["next"])
    assert again.code_at(refused) == "account_exists"
    page = again.http.get(refused).text
    assert 'id="sign-in"' in page
    assert 'id="recover"' in page
    recover = refused.removesuffix("refused") + "recover"
    token_ = csrf_of(again.http.get(refused))
    step = again.http.post(recover, data={"csrf": token_}).headers["location"]
    new = "mật khẩu mới tinh"
    assert again.submit(step, password=new, password_again=new).status_code == 303
    # The old password and the old session are worth nothing now.
    old = Citizen(office.provider)
    path = old.authorize().headers["location"]
    assert old.sign_in(path, password=PASSWORD, number=person.number).status_code == 401
    assert old.sign_in(path, password=new, number=person.number).status_code == 303
    assert citizen.authorize(prompt="none").headers["location"].count("login_required") == 1


def test_both_consents_are_needed(citizen: Citizen) -> None:
    page = citizen.authorize().headers["location"].removesuffix("/sign-in") + "/enrol"
    assert "checked" not in citizen.http.get(page).text
    answer = citizen.submit(page, agree_document="yes")
    assert answer.status_code == 422
    assert 'data-code="consent_required_document"' in answer.text


def test_a_refused_photo_loses_nothing(office: Office, citizen: Citizen) -> None:
    front, back = office.photo("06")
    page = citizen.start()
    for image, code in (
        (b"", "photo_missing"),
        (b"not a picture", "image_not_supported"),
        (back, "card_wrong_side"),
    ):
        answer = citizen.send(page, image)
        assert answer.status_code in (415, 422)
        assert f'data-code="{code}"' in answer.text
    page = citizen.send(page, front).headers["location"]
    answer = citizen.send(page, front)
    assert 'data-code="card_same_side_twice"' in answer.text
    assert citizen.send(page, back).headers["location"].endswith("/enrol/face")


def test_two_different_cards(office: Office, citizen: Citizen) -> None:
    page = citizen.send(citizen.start(), office.photo("06")[0]).headers["location"]
    answer = citizen.send(page, office.photo("08")[1])
    assert 'data-code="card_sides_differ"' in answer.text
    assert citizen.http.get(page).headers["location"].endswith("/enrol/front")


def test_the_face_of_someone_else(office: Office, citizen: Citizen) -> None:
    done = citizen.face(citizen.photos(office.photo("06")), "07")
    assert citizen.code_at(str(done["next"])) == "face_mismatch"
    with office.provider.services.store.read() as tx:
        assert tx.accounts.by_number(office.person("06").number) is None


def test_a_wrong_order_gets_a_new_challenge(office: Office, citizen: Citizen) -> None:
    page = citizen.photos(office.photo("06"))
    actions = re.findall(r'data-action="(\w+)"', citizen.http.get(page).text)
    failed = citizen.face(page, "06", order=list(other_order(actions)))
    assert failed["state"] == "failed"
    assert failed["message"]
    assert str(failed["next"]).endswith("/enrol/face")
    assert re.findall(r'data-action="(\w+)"', citizen.http.get(page).text)


def test_a_closed_browser_resumes_or_starts_over(office: Office, citizen: Citizen) -> None:
    citizen.send(citizen.start(), office.photo("10")[0])
    begin = citizen.authorize().headers["location"].removesuffix("/sign-in") + "/enrol"  # a new visit
    page = citizen.http.get(begin)
    resume = re.search(r'id="resume" href="([^"]+)"', page.text)
    assert resume
    assert resume[1].endswith("/enrol/back")
    over = citizen.http.post(begin + "/start-over", data={"csrf": csrf_of(page)})
    assert over.headers["location"] == begin
    assert 'id="agree_face"' in citizen.http.get(begin).text


def test_steps_cannot_be_skipped(office: Office, citizen: Citizen) -> None:
    front = citizen.start()
    base = front.removesuffix("front")
    for step in ("back", "face", "review", "credential", "waiting", "refused"):
        assert citizen.http.get(base + step).headers["location"] == front
    token = csrf_of(citizen.http.get(front))
    for step in ("review", "recover", "credential"):
        answer = citizen.http.post(
            base + step, data={"csrf": token, "password": PASSWORD, "password_again": PASSWORD}
        )
        assert answer.status_code in (303, 409)
    with office.provider.services.store.read() as tx:
        assert tx.accounts.by_number(office.person("10").number) is None


def test_two_enrolments_of_one_card_make_one_account(office: Office) -> None:
    """Both reach the last step; exactly one gets the account, the other is told so."""
    racers = [Citizen(office.provider), Citizen(office.provider)]
    pages = []
    for racer in racers:
        done = racer.face(racer.photos(office.photo("07")), "07")
        review = str(done["next"])
        assert review.endswith("/enrol/review"), done
        pages.append(racer.submit(review).headers["location"])
    answers: list[str] = ["", ""]

    def finish(n: int) -> None:
        racer = racers[n]
        answers[n] = racer.submit(pages[n], password=PASSWORD, password_again=PASSWORD).headers["location"]

    threads = [Thread(target=finish, args=(n,)) for n in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.rsplit("/", 1)[1] for answer in answers) == ["consent", "refused"]
    loser = next(n for n in (0, 1) if answers[n].endswith("refused"))
    assert racers[loser].code_at(answers[loser]) == "account_exists"


def test_passwords_are_checked_in_order(office: Office, citizen: Citizen) -> None:
    done = citizen.face(citizen.photos(office.photo("05")), "05")
    page = citizen.submit(str(done["next"])).headers["location"]
    for password, again, code in (
        ("short", "short", "password_too_short"),
        ("password", "password", "password_common"),
        (PASSWORD, PASSWORD + "!", "passwords_differ"),
    ):
        answer = citizen.submit(page, password=password, password_again=again)
        assert answer.status_code == 422
        assert f'data-code="{code}"' in answer.text


def test_a_look_alike_waits_for_an_officer(office: Office, citizen: Citizen) -> None:
    """Sample 13 is a look-alike of 03: neither accepted nor refused by the engine alone."""
    done = citizen.face(citizen.photos(office.photo("03")), "13")
    waiting = str(done["next"])
    assert waiting.endswith("/enrol/waiting"), done
    assert 'id="reference"' in citizen.http.get(waiting).text

    officer = Browser(office.provider)
    link = first_sign_in_link(office.provider.services).removeprefix(ISSUER)
    token = query_of(link)["token"]
    answer = officer.submit(link, token=token, password=PASSWORD, password_again=PASSWORD)
    assert answer.headers["location"] == "/admin"
    assert officer.http.get(link).status_code == 410  # the link works once
    home = officer.http.get("/admin")
    accept = re.search(r'action="(/admin/reviews/[^"]+/accept)"', home.text)
    assert accept
    stranger = Browser(office.provider)
    page = stranger.http.get("/admin/sign-in")
    refused = stranger.http.post(accept[1], data={"csrf": csrf_of(page), "reason": "checked_in_person"})
    assert refused.status_code == 401
    without_reason = officer.http.post(accept[1], data={"csrf": csrf_of(home), "reason": ""})
    assert without_reason.status_code == 422
    officer.http.post(accept[1], data={"csrf": csrf_of(home), "reason": "checked_in_person"})
    assert citizen.http.get(waiting).headers["location"].endswith("/enrol/review")


def test_the_engine_out_of_reach(tmp_path: Path) -> None:
    """Nothing is begun, and the page says to try again."""
    app = create_app(Settings(data=tmp_path, issuer=ISSUER, ekyc_url="http://127.0.0.1:9"))
    client, secret = create_client(app.state.services, Client("", "App", (REDIRECT,), "client_secret_basic"))
    citizen = Citizen(Provider(app, app.state.services, client.client_id, secret or "", ""))
    page = citizen.authorize().headers["location"].removesuffix("/sign-in") + "/enrol"
    answer = citizen.submit(page, agree_document="yes", agree_face="yes")
    assert answer.status_code == 503
    assert 'data-code="ekyc_unavailable"' in answer.text
    assert 'id="resume"' not in citizen.http.get(page).text


def test_what_was_left_half_way_is_deleted_in_time(office: Office, citizen: Citizen) -> None:
    citizen.photos(office.photo("06"))
    services = office.provider.services
    later = replace(services, clock=lambda: services.clock() + services.lifetimes.enrolment + 1)
    with services.store.read() as tx:
        due = [enrolment.check_id for enrolment in tx.enrolments.expired(later.clock(), 10)]
    assert due
    purge(later)
    with services.store.read() as tx:
        assert tx.enrolments.expired(later.clock(), 10) == []
    with pytest.raises(CheckRefused) as refused:
        services.checker.decide(due[-1])
    assert refused.value.code == "verification_not_found"
