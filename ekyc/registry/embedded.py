"""The registry in process: the same answers as over HTTP, without a network."""

from __future__ import annotations

import hashlib
import hmac
import os
from pathlib import Path

from sqlalchemy.exc import OperationalError

from ekyc.errors import EkycError
from ekyc.keyfile import secret_key
from ekyc.registry.engine import open_engine
from ekyc.registry.matching import match_fields
from ekyc.registry.number import PersonalNumber
from ekyc.registry.person import Person
from ekyc.registry.seed import seed_registry
from ekyc.registry.store import Access, RegistryStore, without_portrait

_KEY_FILE = "registry.key"


class EmbeddedRegistry:
    """Implements ``ekyc.ports.Registry`` on the registry's own database."""

    def __init__(self, store: RegistryStore, log_key: bytes) -> None:
        self.store = store
        self._log_key = log_key

    def lookup(self, number: str, *, caller: str, purpose: str) -> Person:
        """The record without portrait. Raises number_invalid, number_unknown."""
        return without_portrait(self._consult(number, "lookup", caller, purpose))

    def match(self, number: str, given: dict[str, str], *, caller: str, purpose: str) -> dict[str, bool]:
        """Field name -> does it match; see ``matching``. Raises number_invalid, number_unknown."""
        return match_fields(self._consult(number, "match", caller, purpose), given)

    def portrait(self, number: str, *, caller: str, purpose: str) -> bytes | None:
        """JPEG bytes or None. Raises number_invalid, number_unknown."""
        return self._consult(number, "portrait", caller, purpose).portrait

    def household(self, number: str, *, caller: str, purpose: str) -> Person | None:
        """The guardian of a minor (without portrait), None for everyone else."""
        person = self._consult(number, "household", caller, purpose)
        guardian = self.store.get(person.guardian_number) if person.guardian_number else None
        return without_portrait(guardian) if guardian else None

    def person(self, number: str) -> Person:
        """The record with portrait, not recorded: for the card printer. Raises number_unknown."""
        found = self.store.get(PersonalNumber.parse(number).text)
        if found is None:
            raise EkycError("number_unknown")
        return found

    def sample_numbers(self) -> dict[str, str]:
        """Sample id ("01"...) -> personal number, ordered by id."""
        return self.store.sample_numbers()

    def seed(self, count: int = 2000, seed: int = 1) -> bool:
        """Fill the registry; False when it already holds exactly this population."""
        return seed_registry(self.store, count, seed)

    def add(self, person: Person) -> None:
        """Put one more person in (tests, demonstrations)."""
        self.store.add(person)

    def update(self, person: Person) -> None:
        """Replace one person's record (tests, demonstrations)."""
        self.store.update(person)

    def close(self) -> None:
        self.store.close()

    def _consult(self, number: str, operation: str, caller: str, purpose: str) -> Person:
        if not caller or not purpose:
            raise ValueError("caller and purpose are required")
        text = PersonalNumber.parse(number).text
        digest = hmac.new(self._log_key, text.encode(), hashlib.sha256).hexdigest()
        try:
            person = self.store.consult(text, Access(caller[:100], purpose[:200], operation, digest))
        except OperationalError as error:
            raise EkycError("registry_unavailable", type(error.orig).__name__) from error
        if person is None:
            raise EkycError("number_unknown")
        return person


def database_url(data: Path) -> str:
    """REGISTRY_DATABASE_URL, or the SQLite file in the data folder."""
    return os.environ.get("REGISTRY_DATABASE_URL") or f"sqlite:///{data / 'registry.db'}"


def open_registry(data: Path, *, url: str | None = None) -> EmbeddedRegistry:
    """Open (and create or migrate) the registry of the folder ``data``; ``url`` overrides the database."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    return EmbeddedRegistry(
        RegistryStore(open_engine(url or database_url(data))), secret_key(data / _KEY_FILE)
    )
