"""The judge, on made-up measures: every rule by itself."""

from __future__ import annotations

import itertools
import json
import random
from collections import Counter
from dataclasses import replace

import pytest

from ekyc.liveness.challenge import ACTIONS, Action, new_challenge
from ekyc.liveness.judge import advance, fail, receive, start
from ekyc.liveness.progress import Measure, Observation, Progress
from ekyc.policy import LivenessPolicy

CHALLENGE: tuple[Action, ...] = ("turn_left", "blink", "open_mouth", "turn_right")
POLICY = LivenessPolicy()
_serial = itertools.count()


def frame(
    nose: float = 0.5,
    eyes: float = 0.30,
    mouth: float = 0.03,
    *,
    faces: int = 1,
    height: int = 260,
    pitch: float = 0.6,
    size: float = 90,
    depth: float | None = None,
) -> Observation:
    """depth: a real nose's unless given."""
    n = next(_serial)
    out = 0.7 * (nose - 0.5) if depth is None else depth
    measure = Measure(nose, eyes, mouth, pitch, size, out) if faces else None
    return Observation(n * 200, f"{n:064x}", faces, measure, height, n * 200, (480, 640))


LOOKS: dict[Action, dict[str, float]] = {
    "turn_left": {"nose": 0.75},
    "turn_right": {"nose": 0.25},
    "nod": {"pitch": 0.85},
    "blink": {"eyes": 0.15},
    "open_mouth": {"mouth": 0.5},
    "move_closer": {"size": 120},
}


def show(progress: Progress, *frames: Observation) -> Progress:
    for one in frames:
        progress = advance(progress, one)
    return progress


def neutral(progress: Progress) -> Progress:
    return show(progress, frame(), frame(0.505, 0.31), frame(0.495, 0.29))


def asked(challenge: tuple[Action, ...] = CHALLENGE) -> Progress:
    """Long enough ago for the first action to count."""
    return show(neutral(start(challenge)), frame(), frame())


ON_THE_WAY: dict[Action, tuple[dict[str, float], ...]] = {
    "turn_left": ({"nose": 0.6}, {"nose": 0.68}),
    "turn_right": ({"nose": 0.4}, {"nose": 0.32}),
    "nod": ({}, {"pitch": 0.7}),
    "blink": ({}, {}),
    "open_mouth": ({}, {"mouth": 0.25}),
    "move_closer": ({"size": 97}, {"size": 105}),
}


def perform(progress: Progress, action: Action) -> Progress:
    way = [frame(**look) for look in ON_THE_WAY[action]]
    return show(progress, *way, frame(**LOOKS[action]), frame(**LOOKS[action]), frame())


def test_a_challenge_is_four_actions_in_any_order_and_one_is_a_turn() -> None:
    drawn = Counter(new_challenge(rng=random.Random(seed)) for seed in range(6000))
    with_a_turn = {p for p in itertools.permutations(ACTIONS, 4) if {"turn_left", "turn_right"} & set(p)}
    assert set(drawn) == with_a_turn
    assert len(with_a_turn) == 336
    assert max(drawn.values()) < 4 * 6000 / 336


def test_the_policy_says_of_what_and_how_many() -> None:
    assert sorted(new_challenge(("nod", "blink"), 2)) == ["blink", "nod"]
    assert new_challenge(("turn_left",), 3) == ("turn_left",)


@pytest.mark.parametrize("challenge", [new_challenge(ACTIONS, 6, rng=random.Random(n)) for n in range(30)])
def test_a_challenge_done_in_order_is_done(challenge: tuple[Action, ...]) -> None:
    progress = neutral(start(challenge))
    for step, action in enumerate(challenge):
        assert (progress.phase, progress.step, progress.action) == ("act", step, action)
        assert progress.hint == action
        progress = perform(progress, action)
    assert (progress.state, progress.phase, progress.action, progress.code) == ("done", "done", None, None)


def test_neutral_waits_for_a_straight_steady_face() -> None:
    turned = show(start(CHALLENGE), frame(0.8), frame(0.8), frame(0.8), frame(0.8))
    assert (turned.phase, turned.hint) == ("neutral", "look_straight")
    blinking = show(start(CHALLENGE), frame(), frame(eyes=0.1), frame())
    assert blinking.phase == "neutral"
    moving = show(start(CHALLENGE), frame(0.40), frame(0.5), frame(0.6))
    assert moving.phase == "neutral"
    assert neutral(moving).phase == "act"


def test_own_baseline_counts_not_absolute_values() -> None:
    """Narrow eyes (0.18 open) and a head that looks a little aside."""
    calm = {"nose": 0.58, "eyes": 0.18, "mouth": 0.1}
    progress = show(
        start(("blink", "turn_left", "turn_right", "open_mouth")), *(frame(**calm) for _ in range(3))
    )
    progress = show(progress, *(frame(**calm) for _ in range(5)))
    assert (progress.phase, progress.step) == ("act", 0)
    progress = show(progress, frame(**{**calm, "eyes": 0.13}), frame(**calm))
    assert (progress.phase, progress.step) == ("act", 1)


def test_the_next_action_counts_only_after_the_return() -> None:
    progress = show(asked(), frame(0.6), frame(0.68), frame(0.75), frame(0.75, eyes=0.1), frame(0.3))
    assert (progress.phase, progress.step, progress.hint) == ("return", 0, "look_straight")
    assert show(progress, frame()).step == 1


def test_small_movements_are_no_wrong_order() -> None:
    progress = show(asked(), *(frame(0.5 - 0.1, mouth=0.2) for _ in range(10)))
    assert progress.state == "continue"


def test_one_stray_frame_is_forgiven_two_are_not() -> None:
    progress = show(asked(), frame(0.2))
    assert progress.state == "continue"
    assert show(progress, frame(0.2)).code == "liveness_wrong_order"


@pytest.mark.parametrize(
    ("wanted", "done"),
    [(w, d) for w, d in itertools.permutations(ACTIONS, 2) if d in ("turn_left", "turn_right", "open_mouth")],
)
def test_a_different_action_is_the_wrong_order(wanted: Action, done: Action) -> None:
    challenge = (wanted, *(a for a in ACTIONS if a != wanted))
    progress = show(asked(challenge), frame(**LOOKS[done]), frame(**LOOKS[done]))
    assert (progress.state, progress.code, progress.hint) == ("failed", "liveness_wrong_order", "failed")


@pytest.mark.parametrize("done", ["blink", "nod", "move_closer"])
@pytest.mark.parametrize("wanted", ["turn_left", "open_mouth"])
def test_what_happens_by_itself_is_never_wrong(wanted: Action, done: Action) -> None:
    challenge = (wanted, *(a for a in ACTIONS if a != wanted))
    progress = show(asked(challenge), *(frame(**LOOKS[done]) for _ in range(5)))
    assert (progress.state, progress.step) == ("continue", 0)


def test_narrow_eyes_on_a_turned_head_are_no_blink() -> None:
    progress = show(asked(("blink", "turn_left", "turn_right", "open_mouth")), frame(0.62, eyes=0.2))
    assert progress.phase == "act"


def test_the_same_frame_again_and_again_is_a_still() -> None:
    one = frame()
    progress = start(CHALLENGE)
    for n in range(POLICY.identical_run):
        assert progress.state == "continue"
        progress = advance(progress, replace(one, at_ms=one.at_ms + n))
    assert progress.code == "liveness_still"


def test_a_camera_that_delivers_frames_twice_is_fine() -> None:
    progress = start(CHALLENGE)
    shown = [frame(), frame(0.505), frame(0.495), frame()]
    shown += [frame(0.6), frame(0.68), frame(0.75), frame(0.75), frame()]
    for n, one in enumerate(shown):
        first = replace(one, at_ms=n * 200)
        progress = show(progress, first, replace(first, at_ms=n * 200 + 100))
    assert (progress.phase, progress.step) == ("act", 1)


def test_a_photo_with_camera_noise_is_a_still() -> None:
    noise = random.Random(1)
    progress = neutral(start(CHALLENGE))
    for _ in range(POLICY.still_frames):
        assert progress.state == "continue"
        progress = show(
            progress, frame(0.5 + noise.uniform(-0.004, 0.004), 0.30 + noise.uniform(-0.01, 0.01))
        )
    assert progress.code == "liveness_still"


def test_a_waiting_person_is_no_still() -> None:
    """Someone who only blinks now and then while reading the screen may take their time."""
    progress = asked()
    for n in range(3 * POLICY.still_frames):
        progress = show(progress, frame(eyes=0.15 if n % 30 == 0 else 0.3))
    assert progress.state == "continue"


def test_too_long_by_time_and_by_frames() -> None:
    progress = asked()
    late = replace(frame(), at_ms=progress.last_ms + POLICY.max_ms + 1)
    assert advance(progress, late).code == "liveness_timeout"
    assert progress.begun_ms is not None
    slow = replace(frame(), arrived_ms=progress.begun_ms + POLICY.max_ms + 1)
    assert advance(progress, slow).code == "liveness_timeout"
    many = receive(progress, POLICY.max_frames)
    assert many.state == "continue"
    assert receive(many, 1).code == "liveness_timeout"


def stills(step_ms: int) -> Progress:
    """Five photos, one for each look, held up in the right order and repeated."""
    progress = show(start(CHALLENGE), *(replace(frame(), at_ms=n, arrived_ms=n) for n in range(3)))
    now = 3
    for action in CHALLENGE:
        for look in ({}, LOOKS[action], LOOKS[action], {}, LOOKS[action], {}):
            now += step_ms
            progress = show(progress, replace(frame(**look), at_ms=now, arrived_ms=now))
    return progress


def test_attack_five_stills_a_millisecond_apart() -> None:
    assert stills(1).state != "done"
    assert stills(1).step == 0


def test_attack_five_stills_shown_with_patience() -> None:
    """The clock is right, but a face that turns is seen turning."""
    assert stills(1000).state != "done"
    assert stills(1000).step == 0


@pytest.mark.parametrize("wanted", [a for a in ACTIONS if a != "blink"])
def test_attack_a_still_of_the_end_alone_is_asked_for_again(wanted: Action) -> None:
    challenge = (wanted, *(a for a in ACTIONS if a != wanted))
    progress = show(asked(challenge), frame(**LOOKS[wanted]), frame(**LOOKS[wanted]), frame())
    assert (progress.phase, progress.step, progress.hint) == ("act", 0, wanted)
    assert perform(progress, wanted).step == 1


def test_attack_a_whole_answer_in_one_call() -> None:
    """Well moved, but the server's clock has not moved."""
    progress = start(CHALLENGE)
    answer = [frame(), frame(), frame()]
    for action in CHALLENGE:
        answer += [*(frame(**look) for look in ON_THE_WAY[action]), frame(**LOOKS[action]), frame()]
    progress = show(progress, *(replace(one, arrived_ms=0) for one in answer))
    assert progress.state != "done"
    assert progress.step == 0


def test_a_blink_may_fall_into_one_frame() -> None:
    challenge: tuple[Action, ...] = ("blink", "turn_left", "turn_right", "open_mouth")
    assert show(asked(challenge), frame(eyes=0.15), frame()).step == 1


def test_attack_a_photo_of_closed_eyes_is_no_blink() -> None:
    challenge: tuple[Action, ...] = ("blink", "turn_left", "turn_right", "open_mouth")
    progress = show(asked(challenge), *(frame(eyes=0.15) for _ in range(10)), frame())
    assert (progress.phase, progress.step) == ("act", 0)


def test_the_phone_has_to_move_back_again() -> None:
    near = show(asked(("move_closer", "nod")), frame(size=97), frame(size=105), frame(size=120))
    assert (near.phase, near.hint) == ("return", "look_straight")
    still_near = show(near, frame(size=112))
    assert (still_near.phase, still_near.hint) == ("return", "move_back")
    assert show(still_near, frame(size=95)).hint == "nod"


def test_attack_a_photo_turned_or_bent_is_no_turn() -> None:
    """As far as is asked, with the nose where a photo bent round a cylinder has it."""
    before = asked()
    bent = [frame(0.5 + turn, depth=0.42 * turn) for turn in (0.05, 0.1, 0.15, 0.2, 0.22, 0.2, 0.22)]
    progress = show(before, *bent)
    assert (progress.phase, progress.code) == ("failed", "liveness_still")
    assert show(before, *bent[:5]).phase == "act"


def test_attack_shuffled_frames_zigzag() -> None:
    turn = (0.6, 0.5, 0.65, 0.52, 0.66, 0.5, 0.62, 0.5, 0.75, 0.5)
    progress = show(asked(), *(frame(nose) for nose in turn))
    assert (progress.phase, progress.step, progress.travelled) == ("act", 0, 0.0)


def test_a_turn_done_twice_is_no_zigzag() -> None:
    twice = (0.55, 0.66, 0.55, 0.5, 0.6, 0.7, 0.6, 0.5)
    assert show(asked(), *(frame(nose) for nose in twice)).step == 1


def test_attack_frames_of_two_cameras() -> None:
    before = asked()
    other = replace(frame(), picture=(640, 480))
    assert show(before, other).code == "liveness_camera_changed"
    assert show(start(CHALLENGE), other, replace(frame(), picture=(640, 480))).state == "continue"


def test_hints_for_nobody_two_people_and_far_away() -> None:
    progress = asked()
    assert show(progress, frame(faces=0)).hint == "no_face"
    assert show(progress, frame(faces=2)).hint == "one_person"
    assert show(progress, frame(height=100)).hint == "come_closer"
    assert show(progress, frame(faces=2), frame()).hint == progress.hint


def test_a_second_person_who_stays_ends_it() -> None:
    progress = show(asked(), *(frame(faces=2) for _ in range(POLICY.several_frames)))
    assert progress.code == "face_several"


def test_a_far_face_counts_for_nothing() -> None:
    assert show(asked(), frame(0.9, height=100), frame(0.1, height=100)).phase == "act"


def test_old_frames_and_frames_after_the_end_change_nothing() -> None:
    progress = asked()
    assert advance(progress, replace(frame(0.8), at_ms=progress.last_ms)) is progress
    ended = fail(progress, "liveness_still")
    assert show(ended, frame(0.8)) is ended


def test_progress_survives_json() -> None:
    for progress in (
        start(CHALLENGE),
        show(start(CHALLENGE), frame()),
        show(asked(), frame(0.6), frame(0.45)),
    ):
        assert Progress.from_dict(json.loads(json.dumps(progress.to_dict()))) == progress
