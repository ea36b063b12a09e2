"""The provider's catalogues and templates: complete in both languages, and allowed by the CSP."""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jinja2
import pytest
from jinja2 import nodes

WEB = Path(__file__).resolve().parents[3] / "idp" / "web"
TEMPLATES = sorted(path.name for path in (WEB / "templates").glob("*.html"))
SCRIPTS = sorted(path.relative_to(WEB / "static").as_posix() for path in (WEB / "static").rglob("*.js"))
ENVIRONMENT = jinja2.Environment(loader=jinja2.FileSystemLoader(WEB / "templates"), autoescape=True)

# Codes the provider itself raises; each needs a sentence in both languages.
PROVIDER_CODES = [
    "invalid_request",
    "invalid_client",
    "unauthorized_client",
    "invalid_redirect_uri",
    "invalid_scope",
    "unsupported_response_type",
    "access_denied",
    "login_failed",
    "admin_login_failed",
    "too_many_attempts",
    "password_too_short",
    "password_too_long",
    "passwords_differ",
    "password_common",
    "consent_required_document",
    "account_exists",
    "interaction_expired",
    "interaction_foreign",
    "enrolment_expired",
    "csrf_failed",
    "passkey_failed",
    "not_found",
    "server_error",
    "number_invalid",
    "photo_missing",
    "number_unknown",
    "admin_link_invalid",
    "step_out_of_order",
    "email_invalid",
    "phone_invalid",
    "contact_unavailable",
    "sign_in_first",
    "code_wrong",
    "code_over",
    "code_sent_just_now",
    "too_many_codes",
    "ekyc_unavailable",
]


def _flatten(table: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{prefix}{key}.")
        else:
            assert isinstance(value, str), f"{prefix}{key} is not a sentence"
            yield prefix + key, value


def _catalogue(locale: str) -> dict[str, str]:
    text = (WEB / "messages" / f"{locale}.toml").read_text(encoding="utf-8")
    return dict(_flatten(tomllib.loads(text)))


def _placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


VI, EN = _catalogue("vi"), _catalogue("en")


def _source(name: str) -> str:
    return (WEB / "templates" / name).read_text(encoding="utf-8")


def _calls(name: str) -> Iterator[nodes.Call]:
    for call in ENVIRONMENT.parse(_source(name)).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "t":
            yield call


def test_both_languages_have_the_same_keys() -> None:
    assert VI.keys() == EN.keys()


@pytest.mark.parametrize("key", sorted(VI.keys() & EN.keys()))
def test_sentence_is_filled_and_has_the_same_placeholders(key: str) -> None:
    assert VI[key].strip()
    assert EN[key].strip()
    assert _placeholders(VI[key]) == _placeholders(EN[key])


@pytest.mark.parametrize("code", PROVIDER_CODES)
def test_every_provider_code_has_a_sentence(code: str) -> None:
    assert _placeholders(VI[f"error.{code}"]) == set()
    assert f"error.{code}" in EN


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_compiles(name: str) -> None:
    ENVIRONMENT.get_template(name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_uses_known_messages_with_their_placeholders(name: str) -> None:
    for call in _calls(name):
        key = call.args[0]
        if isinstance(key, nodes.Const):
            assert key.value in VI, f"{name}: unknown message {key.value}"
            assert {pair.key for pair in call.kwargs} == _placeholders(VI[key.value]), key.value
        elif isinstance(key, nodes.Concat) and isinstance(key.nodes[0], nodes.Const):
            prefix = key.nodes[0].value
            assert any(known.startswith(prefix) for known in VI), f"{name}: no message under {prefix}"


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_has_nothing_inline_that_the_csp_forbids(name: str) -> None:
    source = _source(name)
    assert not re.search(r"<style\b", source)
    assert not re.search(r"\sstyle\s*=", source)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", source)
    assert "javascript:" not in source
    assert all("src=" in tag for tag in re.findall(r"<script\b[^>]*>", source))
    assert not re.search(r"(?:src|href|action)=[\"'](?:https?:)?//", source)


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_form_posts_with_the_csrf_token(name: str) -> None:
    for form in re.findall(r"<form\b.*?</form>", _source(name), re.DOTALL):
        assert 'method="post"' in form
        assert "parts.csrf_field()" in form or name == "form_post.html"  # goes to the client, not to us


@pytest.mark.parametrize("name", TEMPLATES)
def test_named_static_files_exist(name: str) -> None:
    for path in re.findall(r"static\([\"']([^\"']+)[\"']\)", _source(name)):
        assert (WEB / "static" / path).is_file(), path


@pytest.mark.parametrize("name", SCRIPTS)
def test_script_reads_only_data_attributes_that_a_template_writes(name: str) -> None:
    script = (WEB / "static" / name).read_text(encoding="utf-8")
    pages = "".join(_source(template) for template in TEMPLATES)
    for word in set(re.findall(r"\b(?:texts|dataset)\.([a-zA-Z]+)", script)):
        attribute = "data-" + re.sub(r"[A-Z]", lambda letter: "-" + letter.group().lower(), word)
        assert f"{attribute}=" in pages, f"{name}: nothing writes {attribute}"


def test_the_liveness_actions_and_scopes_have_words() -> None:
    for action in ("turn_left", "turn_right", "blink", "open_mouth", "nod", "move_closer"):
        assert f"enrol_face.{action}" in VI
    for scope in ("openid", "profile", "email", "phone", "address", "vn_personal_number", "generic"):
        assert {f"scope.{scope}.title", f"scope.{scope}.detail"} <= VI.keys()
