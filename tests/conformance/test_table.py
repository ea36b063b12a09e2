"""The page names exactly the modules of the plans, and each has a test or a reason."""

from __future__ import annotations

import ast

from tests.conformance.plans import HERE, PAGE, Plan, plans, shown


def test_the_page_shows_every_module_of_every_plan() -> None:
    """After a change of plans.toml: ``python -m tests.conformance.table``."""
    expected = [(plan.id, module) for plan in plans() for module in plan.modules]
    assert shown(PAGE.read_text(encoding="utf-8")) == expected


def test_every_module_has_a_test_or_a_reason() -> None:
    missing = [
        f"{plan.id}: {module}"
        for plan in plans()
        for module in plan.modules
        if module not in plan.not_applicable and not set(plan.tests(module)) & _tests(plan)
    ]
    assert not missing


def test_reasons_are_of_modules_of_the_plan() -> None:
    for plan in plans():
        assert plan.not_applicable.keys() <= set(plan.modules)


def _tests(plan: Plan) -> set[str]:
    # Form Post runs the tests of Basic under the same names.
    file = "test_basic.py" if plan.file == "test_form_post.py" else plan.file
    tree = ast.parse((HERE / file).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
