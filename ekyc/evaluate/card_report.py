"""A tally of cards as JSON and as tables for a person."""

from __future__ import annotations

from typing import Any

from ekyc.evaluate.bounds import at_most, wilson
from ekyc.evaluate.tally import SOURCES, WHOLE, Tally, alone
from ekyc.types import FIELD_NAMES

_ROWS = (*FIELD_NAMES, WHOLE)


def as_json(tally: Tally, ways: tuple[str, ...]) -> dict[str, Any]:
    """Everything counted; rates with their 95 % Wilson interval."""
    return {
        "levels": {level: _level(tally, level, ways) for level in tally.cards},
        "cards": sum(tally.cards.values()),
        "confirmed": {
            way: _confirmed(
                *(sum(c[lv, way] for lv in tally.cards) for c in (tally.confirmed, tally.confirmed_wrong))
            )
            for way in ways
        },
        "misread": tally.misread,
    }


def _level(tally: Tally, level: str, ways: tuple[str, ...]) -> dict[str, Any]:
    seconds = tally.seconds[level]
    return {
        "cards": tally.cards[level],
        "cpu_seconds_per_card": round(sum(seconds) / len(seconds), 3),
        "ways": {way: _fields(tally, level, way) for way in ways},
        "sources": {source: _fields(tally, level, alone(source)) for source in SOURCES},
        "confirmed": {
            way: _confirmed(tally.confirmed[level, way], tally.confirmed_wrong[level, way]) for way in ways
        },
        "refused": dict(tally.refused.get(level, {})),
        "failed_checks": dict(tally.failed_checks.get(level, {})),
    }


def _fields(tally: Tally, level: str, way: str) -> dict[str, Any]:
    found = {}
    for name in _ROWS:
        n, right = tally.of[level, way, name], tally.right[level, way, name]
        if n:
            low, high = wilson(right, n)
            found[name] = {
                "right": right,
                "n": n,
                "rate": round(right / n, 4),
                "low": round(low, 4),
                "high": round(high, 4),
            }
    return found


def _confirmed(count: int, wrong: int) -> dict[str, Any]:
    bound = at_most(count) if wrong == 0 else wilson(wrong, count)[1]
    return {"fields": count, "wrong": wrong, "rate_at_most": round(bound, 5)}


def as_text(report: dict[str, Any]) -> str:
    """A table a way and source: rows are fields, columns are levels, cells "right/n  rate"."""
    levels = report["levels"]
    blocks = []
    for group, title in (("ways", "fused from"), ("sources", "alone:")):
        for way in next(iter(levels.values()))[group] if levels else ():
            blocks.append(_table(f"{title} {way}", {lv: body[group][way] for lv, body in levels.items()}))
    for level, body in levels.items():
        confirmed = ", ".join(f"{way} {c['wrong']}/{c['fields']}" for way, c in body["confirmed"].items())
        blocks.append(
            f"{level}: {body['cards']} cards, {body['cpu_seconds_per_card']:.2f} CPU s a card; "
            f"confirmed but wrong: {confirmed}; refused {body['refused']}; "
            f"checks failed on honest cards {body['failed_checks']}"
        )
    for way, c in report["confirmed"].items():
        blocks.append(
            f"{way}: {c['wrong']} of {c['fields']} confirmed fields wrong, "
            f"at most {c['rate_at_most']:.3%} (95 %)"
        )
    return "\n".join(blocks)


def _table(title: str, columns: dict[str, Any]) -> str:
    lines = [f"{title:22s}" + "".join(f"{level:>27s}" for level in columns)]
    for name in _ROWS:
        if any(name in fields for fields in columns.values()):
            lines.append(f"{name:22s}" + "".join(_cell(fields.get(name)) for fields in columns.values()))
    return "\n".join(lines) + "\n"


def _cell(rate: dict[str, Any] | None) -> str:
    if rate is None:
        return " " * 27
    bounds = f"({rate['low']:.1%}-{rate['high']:.1%})"
    return f"{rate['right']:5d}/{rate['n']:<4d}{bounds:>17s}"
