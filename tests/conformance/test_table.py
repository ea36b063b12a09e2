"""The page names exactly the modules of the plans."""

from __future__ import annotations

from tests.conformance.plans import PAGE, plans, shown


def test_the_page_shows_every_module_of_every_plan() -> None:
    """After a change of plans.toml: ``python -m tests.conformance.table``."""
    expected = [(plan.id, module) for plan in plans() for module in plan.modules]
    assert shown(PAGE.read_text(encoding="utf-8")) == expected


def test_reasons_are_of_modules_of_the_plan() -> None:
    for plan in plans():
        assert plan.not_applicable.keys() <= set(plan.modules)
