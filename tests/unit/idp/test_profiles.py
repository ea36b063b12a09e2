"""The sealed profile: what was written before proofings were kept can still be read."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date

from idp.adapters.vault import Vault
from idp.domain.models import Profile, Proofing
from idp.store.profiles import seal, unseal, unseal_proven

OLD = {
    "number": "019204000001",
    "full_name": "Trần Khánh Linh",
    "birthdate": "2004-03-15",
    "sex": "female",
    "nationality": "Việt Nam",
    "place_of_birth": "Thái Nguyên",
    "place_of_origin": "Thái Nguyên",
    "place_of_residence": "Thái Nguyên",
}


def test_a_profile_of_the_first_form_still_opens() -> None:
    vault = Vault(b"k" * 32)
    profile, proofing = unseal_proven(vault, vault.encrypt(json.dumps(OLD).encode(), "a"), "a")
    assert (profile.birthdate, profile.card_issued, proofing) == (date(2004, 3, 15), None, None)


def test_everything_comes_back() -> None:
    vault = Vault(b"k" * 32)
    values = OLD | {"birthdate": date(2004, 3, 15), "card_issued": date(2021, 5, 10)}
    profile = Profile(**values)  # type: ignore[arg-type]
    proofing = Proofing("remote-unattended", 1, "t", ("face",), True)
    sealed = seal(vault, profile, "a", proofing)
    assert unseal_proven(vault, sealed, "a") == (profile, proofing)
    assert unseal(vault, sealed, "a") == profile
    assert asdict(profile)["full_name"].encode() not in sealed
