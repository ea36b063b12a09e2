"""Vietnamese names: the first word is the family name, the last the given name, the rest between."""

from __future__ import annotations


def split_name(full_name: str) -> tuple[str, str, str]:
    """(family_name, middle_name, given_name); parts that are missing are empty."""
    words = full_name.split()
    if not words:
        return "", "", ""
    if len(words) == 1:
        return "", "", words[0]
    return words[0], " ".join(words[1:-1]), words[-1]
