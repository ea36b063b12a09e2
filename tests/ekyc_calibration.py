"""A face policy with round limits, so that rules can be tested without any engine's distances."""

from __future__ import annotations

from ekyc.policy import FaceLimits, FacePolicy


def round_limits() -> FacePolicy:
    return FacePolicy(
        limits=FaceLimits(
            single_shot=0.545,
            accept_one_reference=0.445,
            accept_two_references=0.467,
            accept_three_references=0.467,
            review_up_to=0.55,
        )
    )
