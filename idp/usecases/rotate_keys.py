"""New signing keys by command."""

from __future__ import annotations

from idp.domain.errors import IdpError
from idp.usecases.services import Services


def rotate_keys(services: Services, alg: str | None) -> list[str]:
    """A new key for ``alg`` or for every algorithm; the old ones still verify. The new kids.

    Raises IdpError("invalid_request") for an algorithm that is not offered.
    """
    if alg is not None and alg not in services.signer.algorithms():
        raise IdpError("invalid_request", f"offered: {', '.join(services.signer.algorithms())}")
    kids = services.signer.rotate(alg)
    with services.store.begin() as tx:
        tx.audit.write("keys.rotated", services.clock(), kids=kids)
    return kids
