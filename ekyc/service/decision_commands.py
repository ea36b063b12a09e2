"""``ekyc decision``: for officers, why a verification was decided as it was."""

from __future__ import annotations

import json
from pathlib import Path

import click

from ekyc.app import build_verification_store
from ekyc.settings import read_settings
from ekyc.usecases.explain import Explanation
from ekyc.usecases.explain import explain as explain_decision


@click.group("decision")
def decision() -> None:
    """Why a verification was decided as it was."""


@decision.command("explain")
@click.argument("verification_id")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Default: EKYC_DATA.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def explain(verification_id: str, data: Path | None, as_json: bool) -> int:
    """Weigh the kept facts again under the policy of that day: each rule, each number, and what it meant.

    Exit code 1 when the verdict comes out differently or a kept picture is not the one that was judged.
    """
    store = build_verification_store(read_settings(data))
    try:
        found = explain_decision(store, verification_id)
    finally:
        store.close()
    click.echo(json.dumps(found.to_json(), ensure_ascii=False) if as_json else _text(found))
    return 0 if found.agrees else 1


def _text(found: Explanation) -> str:
    row = found.to_json()
    lines = [
        f"{row['id']}: {row['verdict']}, level {row['level']}, {row['decided_at']}",
        f"reasons: {', '.join(row['reasons']) or 'none'}",
        f"weighed again: {row['again']['verdict']}" + ("" if row["agrees"] else " - DIFFERS FROM THE RECORD"),
        f"policy: {row['policy']}",
        f"engine: ekyc {row['engine']['ekyc']}, {row['face_engine']}",
        "",
        *(_rule(rule) for rule in row["rules"]),
        "",
        *(
            f"{name}: sha256 {digest}{_kept(row['pictures'].get(name))}"
            for name, digest in row["sha256"].items()
        ),
        *(f"{name}: sha256 {digest}" for name, digest in row["engine"]["models"].items()),
    ]
    return "\n".join(lines)


def _rule(rule: dict[str, str]) -> str:
    meant = f" -> {rule['weight']}: {rule['reason']}" if rule["reason"] else ""
    return f"{rule['outcome']:<12} {rule['name']}{meant}" + (f" ({rule['detail']})" if rule["detail"] else "")


def _kept(same: bool | None) -> str:
    return {None: "", True: ", kept, the same", False: ", kept, CHANGED SINCE"}[same]
