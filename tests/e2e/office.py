"""A provider with its engine in this process, behind a wire that can break, and citizens' cards to film."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
from playwright.sync_api import Page

from ekyc.registry.embedded import open_registry
from ekyc.specimen import photograph, print_card
from ekyc.types import Side
from idp.app import create_app
from idp.domain.models import Client
from idp.settings import Settings
from idp.usecases.create_client import create_client
from idp.usecases.services import Services
from tests.clients.conftest import free_port, serving
from tests.e2e.broken_wire import BrokenWire
from tests.e2e.card_scene import Picture


@dataclass
class Office:
    """``flat``: prints by side, for the camera. ``files``: photos by side, as a phone would keep them."""

    issuer: str
    services: Services
    wire: BrokenWire
    client_id: str
    flat: dict[Side, Picture]
    files: dict[Side, Path]
    sample: str

    def begin(self, page: Page) -> None:
        """A citizen agrees and comes to the page of the front."""
        page.goto(
            f"{self.issuer}/authorize?client_id={self.client_id}&redirect_uri=http://app.localhost/cb&state=s"
            f"&response_type=code&scope=openid&code_challenge={'x' * 43}&code_challenge_method=S256"
        )
        page.locator("#enrol").click()
        page.locator("#agree_document").check()
        page.locator("#agree_face").check()
        page.locator("#continue").click()
        page.wait_for_url("**/enrol/front")

    def photos(self) -> int:
        """How many photos the engine has been given in the newest enrolment."""
        with self.services.store.read() as tx:
            opened = [one for state in ("front", "back", "face") for one in tx.enrolments.in_state(state)]
        newest = max(opened, key=lambda one: one.created_at)
        checker: Any = self.services.checker
        record = checker._inner._engine._store.load(newest.check_id)
        return int(record.photos)


@contextmanager
def open_office(data: Path, sample: str = "06") -> Iterator[Office]:
    registry = open_registry(data)
    registry.seed(40, seed=1)
    card = print_card(registry.person(registry.sample_numbers()[sample]))
    registry.close()
    wire = BrokenWire(port := free_port())
    issuer = f"http://localhost:{wire.port}"
    app = create_app(Settings(data=data, issuer=issuer))
    draft = Client("", "Dịch vụ công", ("http://app.localhost/cb",), "client_secret_basic")
    client, _ = create_client(app.state.services, draft)
    prints: dict[Side, Any] = {"front": card.front, "back": card.back}
    files: dict[Side, Path] = {}
    for number, (side, flat) in enumerate(prints.items()):
        files[side] = data / f"{side}.jpg"
        files[side].write_bytes(photograph(flat, "easy", 7 + number))
    with serving(app, port):
        yield Office(
            issuer,
            app.state.services,
            wire,
            client.client_id,
            {side: cv2.cvtColor(flat, cv2.COLOR_RGB2BGR).astype("uint8") for side, flat in prints.items()},
            files,
            sample,
        )
    wire.close()
