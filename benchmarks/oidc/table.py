"""The results as Markdown."""

from __future__ import annotations

from typing import Any

PEER = "oidc-provider, Redis"


def table(results: dict[str, Any]) -> str:
    names = list(results)
    ours = [name for name in names if name.startswith("ours")]
    head = ["operation, server CPU ms", *names, *(f"Redis row / {name}" for name in ours)]
    lines = [_row(head), _row(["---"] * len(head))]
    for operation in results[PEER]["operations"]:
        cpu = {name: results[name]["operations"].get(operation, {}).get("cpu_ms") for name in names}
        ratios = [f"{cpu[PEER] / cpu[name]:.1f}" for name in ours]
        lines.append(_row([operation, *("-" if ms is None else f"{ms:.2f}" for ms in cpu.values()), *ratios]))
    lines += ["", _row(["operation, wall clock", *names]), _row(["---"] * (len(names) + 1))]
    for operation in results[PEER]["operations"]:
        rows = [results[name]["operations"].get(operation) for name in names]
        lines.append(_row([operation, *map(_wall, rows)]))
    lines += ["", _row(["process", *names]), _row(["---"] * (len(names) + 1))]
    for label, key, digits in (
        ("ready, s", "ready_s", 2),
        ("CPU until ready, s", "ready_cpu_s", 2),
        ("memory idle, MiB", "idle_mib", 0),
        ("memory loaded, MiB", "loaded_mib", 0),
    ):
        lines.append(_row([label, *(f"{results[name]['process'][key]:.{digits}f}" for name in names)]))
    return "\n".join(lines)


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _wall(row: dict[str, float] | None) -> str:
    if row is None:
        return "-"
    return f"{row['per_second']:.0f}/s; {row['p50_ms']:.1f} / {row['p95_ms']:.1f} / {row['p99_ms']:.1f} ms"
