"""What the face step showed, this time and before."""

from __future__ import annotations

from ekyc.decision.facts import Facts
from ekyc.decision.finding import Finding, doubt, passed, reject

_SUSPICIOUS = ("liveness_person_changed", "liveness_frames_reused")


def liveness_finding(facts: Facts, most_failures: int) -> Finding:
    if facts.liveness is not None:
        return reject("liveness", facts.liveness)
    suspicious = [code for code in facts.earlier_failures if code in _SUSPICIOUS]
    if suspicious or facts.recent_failures > most_failures:
        failed = f"{facts.recent_failures} failed lately, {most_failures} allowed"
        detail = f"earlier attempts: {', '.join(suspicious)}; {failed}"
        return doubt("liveness", "liveness_suspicious", detail, "pass")
    if facts.assisted:
        return doubt("liveness", "liveness_assisted", "an officer stood by", "unavailable")
    if facts.cues:
        return doubt("liveness", "liveness_suspicious", f"cues: {', '.join(facts.cues)}", "pass")
    return passed("liveness")
