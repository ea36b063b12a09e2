"""What was measured, as JSON and as text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from ekyc.evaluate.bounds import wilson
from ekyc.evaluate.faces.embed import Looks
from ekyc.evaluate.faces.measure import RATES, Compared, at_rate


def as_json(engine: str, looks: Looks, compared: Mapping[str, Compared]) -> dict[str, Any]:
    """Rates are [measured, lower, upper] with 95 % bounds (Wilson)."""
    found, missed = len(looks.files), sum(len(files) for files in looks.refused.values())
    return {
        "engine": engine,
        "photos": found + missed,
        "faces_found": [found / (found + missed), *wilson(found, found + missed)],
        "refused": looks.refused,
        "templates": {
            name: {
                "genuine": int(each.genuine.size),
                "impostors": int(each.impostor.size),
                "rates": [asdict(at_rate(each, target)) for target in RATES],
            }
            for name, each in compared.items()
        },
    }


def as_text(report: Mapping[str, Any]) -> str:
    """A table a person can read."""
    lines = [
        f"engine {report['engine']}",
        f"faces found: {_with_bounds(report['faces_found'])} of {report['photos']} photos",
        *(f"  {code}: {', '.join(files[:5])} ({len(files)})" for code, files in report["refused"].items()),
    ]
    for name, shape in report["templates"].items():
        lines.append(f"{name}: {shape['genuine']} genuine, {shape['impostors']} impostor comparisons")
        for point in shape["rates"]:
            doubt = "" if point["resolved"] else "  (too few impostors for this rate)"
            lines.append(
                f"  FMR {point['target']:.0e}: distance {point['limit']:.4f}, "
                f"FMR {_with_bounds(point['match_rate'])}, FNMR {_with_bounds(point['refusal_rate'])}{doubt}"
            )
    return "\n".join(lines)


def _with_bounds(rate: tuple[float, float, float]) -> str:
    return f"{rate[0]:.3%} ({rate[1]:.3%} to {rate[2]:.3%})"
