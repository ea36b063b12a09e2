"""The 36 ways to cheat that the engine is tried with; ``docs/fraud.md`` is made from them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """expected: "reject", "retry" (another capture), "review" (an officer), "accept".

    beyond: what a camera alone cannot see of it, and what has to help.
    """

    name: str
    expected: str
    beyond: str = ""


CASES = {
    1: Case("photo of a printed photo", "reject"),
    2: Case("video played on a screen", "reject"),
    3: Case("printed mask, cut-out eyes", "reject"),
    4: Case(
        "silicone or 3-D mask",
        "review",
        "A mask that moves with its wearer's face answers the challenge; a phone's colour frames show "
        "neither infrared nor depth. It needs such a camera, or an officer in presence.",
    ),
    5: Case(
        "injected video (virtual camera)",
        "reject",
        "A feed made live that follows the prompts cannot be told from a camera by a web page: that needs an "
        "app whose device attests it. Recordings, and frames that come faster than life, are refused.",
    ),
    6: Case(
        "deepfake, face swap",
        "reject",
        "One that holds the same face through every movement is beyond these rules; one that slips is not.",
    ),
    7: Case("tampered text", "reject"),
    8: Case("swapped portrait", "reject"),
    9: Case("photocopy, black and white", "review"),
    10: Case(
        "photo of a card on a screen",
        "review",
        "A phone's own sharpening and compression hide a fine grid, and no cue told it from honest photos. "
        "The live face, the registry's portrait and the chip hold.",
    ),
    11: Case("screenshot, digital picture of a card", "review"),
    12: Case(
        "colour reprint on PVC",
        "review",
        "A careful reprint of a real card in its holder's hands reads like the card; the relief and changing "
        "colours that it lacks do not show in one photo. Only the chip tells (level 3 needs it).",
    ),
    13: Case("front and back of two cards", "reject"),
    14: Case("the same side twice", "retry"),
    15: Case("expired card", "reject"),
    16: Case("CMND, other papers", "reject"),
    17: Case("under age", "reject"),
    18: Case("another person with a genuine card", "reject"),
    19: Case("one face, two numbers", "review"),
    20: Case("one card, two accounts", "reject"),
    21: Case("cancelled number", "reject"),
    22: Case("pictures of an earlier session", "reject"),
    23: Case("chip of one card, photos of another", "reject"),
    24: Case("forged security object of a chip", "reject"),
    25: Case("cloned chip", "reject"),
    26: Case("EXIF orientation 2 to 8", "accept"),
    27: Case("huge picture, decompression bomb", "reject"),
    28: Case("polyglot, wrong type, animation", "reject"),
    29: Case("text that attacks, in QR or print", "accept"),
    30: Case("homoglyphs, NFD, three kinds of Đ", "accept"),
    31: Case("several faces, none", "retry"),
    32: Case("many attempts for one number", "review"),
    33: Case("probing for thresholds", "reject"),
    34: Case(
        "fraud by an officer",
        "review",
        "No picture shows it. `ekyc decision explain` weighs any decision again from what was kept; four "
        "eyes and random second looks are rules of the office.",
    ),
    35: Case("pictures exchanged after the decision", "reject"),
    36: Case("genuine but hard", "retry"),
}
