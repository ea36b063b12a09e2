"""Plan oidcc-formpost-basic-certification-test-plan, re-implemented: Basic, answered by form_post."""

from __future__ import annotations

import pytest

from tests.conformance import test_basic
from tests.conformance.plan_browser import PlanBrowser
from tests.flows.conftest import Provider

globals().update({name: module for name, module in vars(test_basic).items() if name.startswith("test_oidcc")})


@pytest.fixture
def browser(provider: Provider) -> PlanBrowser:
    return PlanBrowser(provider, "form_post")
