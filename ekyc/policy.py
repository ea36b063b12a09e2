"""Every threshold of the engine, as readable settings. ``Policy()`` is what a province starts with."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

from ekyc.face.calibration import DEFAULT_ENGINE, Calibration, shipped_calibration
from ekyc.liveness.challenge import ACTIONS, Action


@dataclass(frozen=True, slots=True)
class FaceLimits:
    """The distances that a policy's rates come to with the engine in use: never set by hand.

    accept_*: for the mean distance of the live face to one portrait, to those of card and registry, and to
    the chip's, too.
    """

    single_shot: float
    accept_one_reference: float
    accept_two_references: float
    accept_three_references: float
    review_up_to: float


@dataclass(frozen=True, slots=True)
class FacePolicy:
    """Asks for false-match rates; the engine's calibration gives the distances. Sizes are in pixels.

    accept_rate: of strangers who would pass the live face's comparison with the portraits.
    review_rate: farther than this share of strangers comes, one photo against one, a face is refused; between
    the two an officer looks. single_shot_rate: for ``ekyc match`` and portrait against portrait.
    duplicate_rate: of honest newcomers whom the search among everyone enrolled sends to an officer.
    limits: see ``calibrated``.
    """

    accept_rate: float = 1e-4
    review_rate: float = 1e-2
    single_shot_rate: float = 1e-3
    duplicate_rate: float = 1e-3
    min_height: int = 60
    # a second face this tall relative to the first is a second person, not a bystander
    second_face: float = 0.5
    limits: FaceLimits = field(default_factory=lambda: _limits(shipped_calibration(DEFAULT_ENGINE)))

    def calibrated(self, calibration: Calibration) -> FacePolicy:
        """The same rates with the distances of this engine."""
        rates = self.accept_rate, self.review_rate, self.single_shot_rate
        return replace(self, limits=_limits(calibration, *rates))


def _limits(
    calibration: Calibration, accept: float = 1e-4, review: float = 1e-2, single_shot: float = 1e-3
) -> FaceLimits:
    return FaceLimits(
        single_shot=calibration.distance("1x1", single_shot),
        accept_one_reference=calibration.distance("5x1", accept),
        accept_two_references=calibration.distance("5x2", accept),
        accept_three_references=calibration.distance("5x3", accept),
        review_up_to=calibration.distance("1x1", review),
    )


@dataclass(frozen=True, slots=True)
class QualityPolicy:
    """What a face has to look like to be compared. Brightness 0 to 255, on the face upright at 112 x 112.

    On 264 press photos: sharpness 0.011 and more in 99 %, mean brightness 75 to 197, at most 10 % burnt out,
    one half at most 2.8 times as bright, eyes at least 0.28 of the cheeks' brightness (in dark glasses 0.11).
    """

    eye_distance: float = 24  # pixels
    sharpness: float = 0.012
    darkest: float = 45
    brightest: float = 220
    burnt_out: float = 0.15  # share of the face that is white
    uneven: float = 3.0
    tilt: float = 25  # degrees
    turn: float = 0.3  # nose tip between the jaw ends, off the middle
    eyes_dark: float = 0.22
    mouth_colour: float = 22  # distance between the colours (Cr, Cb) of upper and lower face
    second_face: float = 0.5
    # frames of a face step during which a bad face is asked for again; then it goes on: nobody is locked out
    insist_frames: int = 60


@dataclass(frozen=True, slots=True)
class Passage:
    """What has to be seen between neutral and the end of a movement: a photo exchanged for another jumps.

    So many different values, ``start`` or more from neutral, ``short`` or more of the furthest and half of
    that apart.
    """

    start: float
    short: float
    values: int


@dataclass(frozen=True, slots=True)
class LivenessPolicy:
    """What counts as a movement. Ratios are relative to the person's own neutral frames."""

    quality: QualityPolicy = QualityPolicy()

    # what a challenge is drawn from, and of how many it is made
    actions: tuple[Action, ...] = ACTIONS
    actions_asked: int = 4
    neutral_frames: int = 3
    # nose tip between the jaw ends, 0..1: a 30 degree turn moves it by about 0.3, looking straight by 0.02
    turn: float = 0.18
    straight: float = 0.08
    # nose tip out of the face's middle line, in eye distances: at ``turn`` a real one is 0.13 out of it,
    # a photo bent round a cylinder 0.08, a flat one 0.05; and the least share of the nose ratio's change
    depth: float = 0.09
    depth_share: float = 0.5
    flat_frames: int = 4
    # nose tip below the ears' ends of the jaw, in eye distances: 16 degrees chin down make 0.22 to 0.37
    nod: float = 0.16
    level: float = 0.09
    # growth of the distance between the eyes: a phone at 40 cm that comes to 31 cm
    closer: float = 0.28
    closer_back: float = 0.16
    # eye opening over own open eye: a closed eye is at 0.35-0.75, unsteady open eyes stay above 0.85
    blink: float = 0.77
    eyes_open: float = 0.82
    # inner lip gap over mouth width: open 0.47 and more, closed up to 0.09, misread while blinking 0.32
    mouth_open: float = 0.36
    mouth_closed: float = 0.15
    # a *different* action is wrong only when done fully and seen this often; less is a small accident
    wrong_turn: float = 0.20
    wrong_mouth: float = 0.40
    wrong_frames: int = 2
    min_face_height: int = 160  # pixels; blinks cannot be measured on smaller faces
    several_frames: int = 6
    identical_run: int = 20  # same bytes again and again
    # a living face blinks or sways within this many different frames; camera noise and shaking on one
    # photo move the nose ratio by up to 0.015, the mouth by 0.04 and (narrow) eyes by 0.24
    still_frames: int = 60
    still_nose: float = 0.02
    still_eyes: float = 0.25
    still_mouth: float = 0.045
    # a turn takes 0.7 s there and back again and is seen 3 times or more at 5 frames a second
    turn_passage: Passage = Passage(0.035, 0.03, 2)
    # lips part within 0.3 s: one frame, on either way
    mouth_passage: Passage = Passage(0.10, 0.06, 1)
    # a nod takes half a second, there and back
    nod_passage: Passage = Passage(0.06, 0.04, 1)
    closer_passage: Passage = Passage(0.06, 0.04, 2)
    # lids close within 0.1 s, often between two frames: a short closing will do instead
    blink_passage: Passage = Passage(0.15, 0.06, 1)
    blink_ms: int = 1500
    # length of the way over its furthest point: there and back again is 2, done twice by an honest person 4
    zigzag: float = 5.0
    # on the server's clock, between asking and doing: an answer on the way, a person's reaction, two frames
    min_action_ms: int = 600
    # how far a client's clock, running since its camera started, may be ahead of ours since the challenge
    ahead_ms: int = 20_000
    max_frames: int = 400  # received, whatever they show
    max_ms: int = 120_000  # by the client's clock and by the server's
    max_attempts: int = 5
    # own neutral frame against a later frame: as near as this share of strangers' photos comes to each other,
    # looking straight, and in the middle of a movement
    same_person_straight: float = 1e-5
    same_person_moving: float = 5e-4
    # correlation with the frame before; less, and the frame is compared with the person's first
    continuous: float = 0.85
    # peaks of a spectrum: up to 1.79 on 399 press photos, 1.54 on rendered frames; screens 1.5 to 3.8
    moire: float = 1.8


@dataclass(frozen=True, slots=True)
class Retention:
    """How long things are kept; a decision other than "review" deletes pictures and templates at once."""

    open_verification: timedelta = timedelta(hours=24)
    review: timedelta = timedelta(days=30)
    # a frame seen before is refused for this long
    frame_hashes: timedelta = timedelta(days=90)
    # failed face steps of one personal number
    failures: timedelta = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class ChipPolicy:
    """What is taken from a card's chip. ``level``: of a verified, original chip with its own face."""

    accept_sha1: bool = False
    country: str = "VN"  # of the certificate that signed the files
    min_rsa_bits: int = 2048  # of issuers' keys; a chip's own key may have 1024
    min_ec_bits: int = 224
    level: int = 3
    max_readings: int = 10  # nonces that one verification may use up


@dataclass(frozen=True, slots=True)
class Policy:
    """All of it. ``minimum_age`` in years; ``level`` is what an accepted verification is worth."""

    face: FacePolicy = field(default_factory=FacePolicy)
    liveness: LivenessPolicy = field(default_factory=LivenessPolicy)
    retention: Retention = field(default_factory=Retention)
    chip: ChipPolicy = field(default_factory=ChipPolicy)
    minimum_age: int = 14
    level: int = 2
    # different photos of a side that one verification may try
    max_photos: int = 30
    # failed face steps of one personal number within ``retention.failures``; after more an officer looks
    max_failures: int = 5
