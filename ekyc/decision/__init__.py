"""Evidence in, accept / review / reject out. Pure. One kind of evidence a file, the verdict in ``weigh``."""

from ekyc.decision.chip import CHIP_REVIEW_REASONS, ChipEvidence
from ekyc.decision.evidence import Evidence, FaceEvidence
from ekyc.decision.facts import Facts, facts_of
from ekyc.decision.weigh import REVIEW_REASONS, decide, findings_of, weigh

__all__ = [
    "CHIP_REVIEW_REASONS",
    "REVIEW_REASONS",
    "ChipEvidence",
    "Evidence",
    "FaceEvidence",
    "Facts",
    "decide",
    "facts_of",
    "findings_of",
    "weigh",
]
