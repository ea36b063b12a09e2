"""What may be registered is what works."""

from __future__ import annotations

from idp.domain.grant_types import GRANT_TYPES
from idp.web.protocol import GRANTS


def test_every_name_has_its_grant() -> None:
    assert set(GRANT_TYPES) == set(GRANTS)
