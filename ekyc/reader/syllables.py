"""Legal Vietnamese syllables by rule: onset, rhyme and tone, with the tone mark where spelling puts it."""

from __future__ import annotations

import unicodedata
from functools import cache

VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")  # level, huyền, sắc, ngã, hỏi, nặng
_STOP_TONES = ("\u0301", "\u0323")  # a syllable that ends in c, ch, p or t takes no other

_ONSETS = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"
_RHYMES = """a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu
o oa oac oach oai oan oang oanh oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong oong op ot
ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uân uât uây uc uê uêch uênh ui um un ung uôc uôi uôm uôn
uông uôt up ut uy uya uych uyên uyêt uynh uyt uyu uơ ư ưa ưc ưi ưng ươc ươi ươm ươn ương ươp ươt ươu
ưt ưu y yêm yên yêt yêu"""
ONSETS = (*_ONSETS.split(), "")
RHYMES = tuple(_RHYMES.split())


def add_tone(rhyme: str, tone: str, new_style: bool = False) -> str:
    """Put a tone mark on the vowel that carries it ("hoà" in the new style, "hòa" in the old)."""
    if not tone:
        return rhyme
    at = _tone_place(rhyme, new_style)
    return rhyme[:at] + unicodedata.normalize("NFC", rhyme[at] + tone) + rhyme[at + 1 :]


def _tone_place(rhyme: str, new_style: bool) -> int:
    vowels = [i for i, c in enumerate(rhyme) if c in VOWELS]
    marked = [i for i in vowels if rhyme[i] in "ăâêôơư"]
    if marked:
        return marked[-1]
    if len(vowels) == 1:
        return vowels[0]
    closed = vowels[-1] < len(rhyme) - 1
    if len(vowels) == 3 or closed:
        return vowels[1]
    return vowels[1] if new_style and rhyme in ("oa", "oe", "uy") else vowels[0]


def tones_of(rhyme: str) -> tuple[str, ...]:
    """The tones that a rhyme can take."""
    return _STOP_TONES if rhyme.endswith(("c", "ch", "p", "t")) else TONES


def join(onset: str, rhyme: str) -> tuple[str, str]:
    """Onset and rhyme as spelling joins them (k/c, g/gh, qu, gi, iê/yê), still without tone."""
    front = rhyme[0] in "eêiy"
    if front:
        onset = {"c": "k", "g": "gh", "ng": "ngh"}.get(onset, onset)
    else:
        onset = {"k": "c", "gh": "g", "ngh": "ng"}.get(onset, onset)
    if onset == "qu":
        if rhyme[0] in "uo" and len(rhyme) > 1 and rhyme[1] in VOWELS:
            rhyme = rhyme[1:]
        if rhyme[0] in "uưo":
            rhyme = "a"
    if onset == "gi" and rhyme[0] == "i":
        onset = "g"  # the two i become one: giếng, gì
    if onset and rhyme.startswith("yê"):
        rhyme = "i" + rhyme[1:]
    return onset, rhyme


@cache
def legal_syllables() -> frozenset[str]:
    """Every syllable that the rules allow, in lower case, both styles of tone placing (about 17,000)."""
    found = set()
    for first in ONSETS:
        for last in RHYMES:
            onset, rhyme = join(first, last)
            for tone in tones_of(rhyme):
                found |= {onset + add_tone(rhyme, tone, style) for style in (False, True)}
    return frozenset(found)
