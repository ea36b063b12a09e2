"""Jinja, with every sentence that never changes written in when a template is compiled."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from markupsafe import escape

from idp.web import i18n
from idp.web.rendering import static_url

_HERE = Path(__file__).parent
_SENTENCE = re.compile(r"""\{\{ t\((["'])([\w.]+)\1\) \}\}""")
_STATIC = re.compile(r"""\{\{ static\((["'])([\w./-]+)\1\) \}\}""")


@cache
def environment(locale: str) -> Environment:
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
