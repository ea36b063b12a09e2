"""The command ``ekyc``. Sub-commands load on first use, so ``ekyc --help`` stays quick."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

import click

from ekyc.errors import EkycError, message
from ekyc.lazy import LazyGroup

# name -> (module, attribute, one line for the overview)
COMMANDS: dict[str, tuple[str, str, str]] = {
    "card": ("ekyc.specimen.commands", "card", "Print specimen cards and photograph them."),
    "chip": ("ekyc.chip.commands", "chip", "Check what was read from a card's chip; MOCK specimen chips."),
    "decision": ("ekyc.service.decision_commands", "decision", "Why a verification was decided as it was."),
    "evaluate": ("ekyc.evaluate.commands", "evaluate", "How often the engine is right, measured."),
    "match": ("ekyc.face.commands", "match_command", "Compare the faces in two photos, or many pairs."),
    "policy": ("ekyc.policies.commands", "policy", "Thresholds and rules of the decision."),
    "read": ("ekyc.document.commands", "read", "Read photos of an identity card."),
    "registry": ("ekyc.registry.commands", "registry", "The MOCK population registry."),
    "tenant": ("ekyc.service.tenant_commands", "tenant", "Apps that may use the service: keys and quotas."),
    "webhook": ("ekyc.service.webhook_commands", "webhook", "Where apps are told of their verifications."),
    "train-reader": ("ekyc.reader.training.commands", "train_reader", "Train the line recogniser further."),
    "serve": ("ekyc.service.commands", "serve", "Run the eKYC HTTP service."),
}


@click.group(cls=LazyGroup, table=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Read Vietnamese identity cards, compare faces, verify citizens."""


def _fail(code: str, sentence: str, as_json: bool) -> int:
    if as_json:
        click.echo(json.dumps({"error": {"code": code, "message": sentence}}, ensure_ascii=False))
    else:
        click.echo(sentence, err=True)
    return 2


def run(args: Sequence[str]) -> int:
    """Run one command line and return its exit code: 0 done, 2 refused (the reason is printed).

    With ``--json`` among the arguments a refusal is one JSON object on standard output,
    ``{"error": {"code", "message"}}``; without, a sentence on standard error.
    """
    as_json = "--json" in args
    try:
        result = cli.main(list(args), prog_name="ekyc", standalone_mode=False)
    except EkycError as error:
        return _fail(error.code, message(error.code, "en"), as_json)
    except click.ClickException as error:
        return _fail("usage", error.format_message(), as_json)
    except (click.Abort, KeyboardInterrupt):
        return 130
    except ValueError as error:
        from ekyc.settings import SettingInvalid  # with pydantic, which ``ekyc --help`` does without

        if not isinstance(error, SettingInvalid):
            raise
        return _fail("setting_invalid", str(error), as_json)
    return result if isinstance(result, int) else 0


def main() -> None:
    """Entry point of the console script."""
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
