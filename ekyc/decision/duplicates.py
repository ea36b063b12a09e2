"""The same face under another number: an officer looks. Never a rejection, since twins are honest people."""

from __future__ import annotations

from ekyc.decision.finding import Finding, doubt


def duplicate_findings(distances: tuple[float, ...]) -> list[Finding]:
    """distances: to the candidates, nearest first."""
    if not distances:
        return []
    detail = f"{len(distances)} candidates, the nearest at {distances[0]:.3f}"
    return [doubt("face_enrolled_once", "face_enrolled_elsewhere", detail)]
