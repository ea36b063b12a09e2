"""Templates, with every sentence that never changes written in when a template is compiled."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from markupsafe import escape

from idp.web import i18n
from idp.web.static_files import VERSION

_HERE = Path(__file__).parent
_SENTENCE = re.compile(r"""\{\{ t\((["'])([\w.]+)\1\) \}\}""")
_STATIC = re.compile(r"""\{\{ static\((["'])([\w./-]+)\1\) \}\}""")


@cache
def static_url(path: str) -> str:
    """Changes with the file; modules of a folder import each other, so they change together."""
    file = _HERE / "static" / path
    if "/" not in path:
        return f"/static/{path}?v={_digest(file)}"
    return f"/static/{VERSION}{_digest(*sorted(file.parent.iterdir()))}/{path}"


def _digest(*files: Path) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


@cache
def module_urls(folder: str) -> list[str]:
    """Every module of a folder, so that a page can ask for all of them at once."""
    return [static_url(f"{folder}/{file.name}") for file in sorted((_HERE / "static" / folder).glob("*.js"))]


def render(template: str, locale: str, **context: Any) -> str:
    page = _environment(locale).get_template(template)
    return page.render(locale=locale, static=static_url, modules=module_urls, **context)


def render_bare(template: str, **context: Any) -> str:
    """A page outside of any citizen's visit."""
    return render(template, i18n.LOCALES[0], **context)


@cache
def _environment(locale: str) -> Environment:
    """One for each language: a page is mostly the same sentences at every request."""
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=[_Constants],
        auto_reload=False,
    )
    environment.globals["constants_in"] = locale
    return environment


class _Constants(Extension):
    """``{{ t("key") }}`` without values, and ``{{ static("file") }}``, become their text."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        locale = str(self.environment.globals["constants_in"])

        def written(found: re.Match[str]) -> str:
            return str(escape(i18n.sentence(locale, found[2])))

        return _STATIC.sub(lambda found: static_url(found[2]), _SENTENCE.sub(written, source))
