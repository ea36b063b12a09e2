"""What every command shares: options, the services of a data folder, answers and refusals."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, NoReturn

import click
from pydantic import ValidationError
from sqlalchemy.exc import OperationalError

from idp.app import build_services
from idp.domain.errors import IdpError
from idp.settings import Settings
from idp.usecases.services import Services
from idp.web import i18n

DATA = click.option(
    "--data",
    type=click.Path(path_type=Path),
    default=Path("var/data"),
    show_default=True,
    help="Data folder.",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
ISSUER = click.option("--issuer", default=None, help="Public URL of the provider.")


class ReportingGroup(click.Group):
    """Turns every refusal into the command's error answer."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except IdpError as error:
            _fail(error.code, _sentence(error))
        except click.UsageError as error:
            _fail("usage", error.format_message())
        except ValidationError as error:
            _fail("setting_invalid", "; ".join(_problem(each) for each in error.errors()))
        except OperationalError as error:
            _fail("database_unavailable", f"The database does not answer: {error.orig}")


def settings_of(data: Path, issuer: str | None) -> Settings:
    return Settings(data=data, issuer=issuer) if issuer else Settings(data=data)


def services_of(data: Path, issuer: str | None) -> Services:
    return build_services(settings_of(data, issuer))[0]


def say(answer: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    for name, value in answer.items():
        click.echo(f"{name}: {', '.join(value) if isinstance(value, list) else value}")


def _sentence(error: IdpError) -> str:
    key = f"error.{error.code}"
    text = i18n.sentence("en", key) if i18n.has("en", key) else error.code
    return f"{text} ({error.description})" if error.description else text


def _problem(error: Any) -> str:
    """Which setting and why; never its value, which may be a password."""
    name = "_".join(str(part) for part in error["loc"])
    text = str(error["msg"]).removeprefix("Value error, ")
    return f"IDP_{name.upper()}: {text}" if name else text


def _fail(code: str, text: str) -> NoReturn:
    if "--json" in sys.argv:
        click.echo(json.dumps({"error": {"code": code, "message": text}}, ensure_ascii=False))
    else:
        click.echo(text, err=True)
    raise SystemExit(2)
