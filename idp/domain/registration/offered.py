"""What this provider offers, for the rules to compare with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Offered:
    auth_methods: tuple[str, ...]
    grant_types: tuple[str, ...]
    signing_algs: tuple[str, ...]  # that we sign with
    accepted_algs: tuple[str, ...]  # that clients may sign with
    scopes: tuple[str, ...]
    details_types: tuple[str, ...]
