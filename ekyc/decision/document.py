"""What the card says of itself: each failed check goes to an officer, an honest card may fail too.

Contradictions between sure readings never come this far (``usecases.card_rules``).
"""

from __future__ import annotations

from ekyc.decision.facts import Facts
from ekyc.decision.finding import Finding
from ekyc.types import Check


def document_findings(facts: Facts) -> list[Finding]:
    return [
        Finding(check, "review", "document_doubtful") if _is_doubtful(check) else Finding(check)
        for check in facts.checks
    ]


def _is_doubtful(check: Check) -> bool:
    """A failed check, or a back that nothing ties to its front."""
    return check.outcome == "fail" or (check.name == "sides_belong_together" and check.outcome != "pass")
