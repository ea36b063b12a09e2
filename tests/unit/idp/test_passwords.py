"""Argon2id, and no telling an unknown account by its time."""

from __future__ import annotations

from idp.adapters import passwords


def test_a_password_fits_its_own_hash_only() -> None:
    hasher = passwords.Argon2Hasher()
    stored = hasher.hash("chè Tân Cương")
    assert stored.startswith("$argon2id$")
    assert hasher.verify("chè Tân Cương", stored)
    assert not hasher.verify("chè Tân cương", stored)
    assert not hasher.verify("a\0b", stored)
    assert not hasher.verify("anything", "not a hash")


def test_the_decoy_costs_the_same() -> None:
    """An unknown account is compared with the decoy: same algorithm, same costs, never right."""
    costs = passwords.Argon2Hasher().hash("x").rsplit("$", 2)[0]
    assert passwords._DECOY.rsplit("$", 2)[0] == costs
    assert not passwords.Argon2Hasher().verify("x", None)
