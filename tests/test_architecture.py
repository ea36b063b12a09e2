"""The walls between the parts, read from the source itself. docs/architecture.md draws them.

Each rule is also shown a planted violation, so that a checker that sees nothing fails here.
"""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CODE = ("idp", "ekyc", "sdk", "examples", "scripts", "tests", "benchmarks")
MAX_LINES = 500

FRAMEWORKS = ("fastapi", "starlette", "uvicorn", "jinja2", "pydantic_settings", "click")
DATABASES = ("sqlalchemy", "alembic", "psycopg", "sqlite3")
NETWORK = ("httpx", "requests", "urllib.request", "socket", "aiohttp")
IO = (*FRAMEWORKS, *DATABASES, *NETWORK)
VISION = ("cv2", "dlib", "onnxruntime", "zxingcpp", "face_recognition", "PIL")


@dataclass(frozen=True)
class Rule:
    """Files under ``where`` (folders or files, relative to the root) import none of ``forbidden``."""

    name: str
    where: tuple[str, ...]
    forbidden: tuple[str, ...]
    except_in: tuple[str, ...] = ()


RULES = (
    Rule(
        "the provider's domain is pure",
        ("idp/domain",),
        (
            *IO,
            "idp.usecases",
            "idp.store",
            "idp.adapters",
            "idp.web",
            "idp.app",
            "idp.cli",
            "ekyc",
            "webauthn",
        ),
    ),
    Rule(
        "use cases know ports, not what is behind them",
        ("idp/usecases",),
        (
            *FRAMEWORKS,
            *DATABASES,
            *NETWORK,
            "idp.web",
            "idp.store",
            "idp.adapters",
            "idp.app",
            "idp.cli",
            "ekyc",
        ),
    ),
    Rule(
        "stores and adapters do not know pages",
        ("idp/store", "idp/adapters"),
        ("idp.web", "idp.app", "idp.cli"),
    ),
    Rule("stores know no network", ("idp/store",), (*NETWORK, *FRAMEWORKS, "idp.usecases")),
    Rule(
        "pages reach stores through use cases",
        ("idp/web",),
        (*DATABASES, "idp.store", "idp.adapters", "ekyc"),
    ),
    Rule(
        "the provider reaches the engine at one place",
        ("idp",),
        ("ekyc",),
        ("idp/adapters/ekyc_embedded.py",),
    ),
    Rule("the engine does not know the provider", ("ekyc",), ("idp", "motcham", "examples")),
    Rule(
        "the decision is pure",
        ("ekyc/decision",),
        (
            *IO,
            *VISION,
            "ekyc.store",
            "ekyc.service",
            "ekyc.usecases",
            "ekyc.document",
            "ekyc.face",
            "ekyc.liveness",
            "ekyc.chip",
        ),
    ),
    Rule(
        "liveness is pure",
        ("ekyc/liveness",),
        (*IO, *VISION, "ekyc.store", "ekyc.service", "ekyc.usecases", "ekyc.document", "ekyc.registry.store"),
    ),
    Rule(
        "the stages of the engine know no service and no database",
        ("ekyc/document", "ekyc/authenticity", "ekyc/face", "ekyc/chip"),
        ("fastapi", "starlette", *DATABASES, *NETWORK, "ekyc.store", "ekyc.service", "ekyc.usecases"),
    ),
    Rule(
        "the engine's use cases know no framework",
        ("ekyc/usecases",),
        ("fastapi", "starlette", *DATABASES, *NETWORK, "ekyc.service", "ekyc.store"),
    ),
    Rule("the SDK stands alone", ("sdk",), ("idp", "ekyc", "examples")),
    Rule("examples use the SDK only", ("examples",), ("idp", "ekyc")),
    Rule(
        "the demo is an outsider",
        ("examples/demo",),
        ("idp", "ekyc", "examples.dich_vu_cong", "examples.phan_anh", "examples.province"),
    ),
    Rule(
        "nothing shipped imports tests", ("idp", "ekyc", "sdk", "examples"), ("tests", "pytest", "benchmarks")
    ),
)

PINNED = {
    "motcham": {
        "Address",
        "AssuranceTooLow",
        "CallbackError",
        "Citizen",
        "ConfigurationError",
        "CrossSiteRequest",
        "IssuerMismatch",
        "MotChamError",
        "Place",
        "ProviderError",
        "ProviderUnavailable",
        "SessionStoreUnavailable",
        "SessionTooLarge",
        "SignInExpired",
        "SignInRefused",
        "SignInRequired",
        "StateMismatch",
        "TokenInvalid",
    },
    "motcham.django": {"Address", "Citizen", "MotChamMiddleware", "Place", "signed"},
    "motcham.fastapi": {"Address", "Citizen", "MaybeSigned", "MotCham", "Place", "Signed"},
}


def python_files(root: Path, *where: str) -> Iterator[Path]:
    """Every Python file under the given folders or files; missing ones are skipped."""
    for place in where:
        path = root / place
        if path.is_file():
            yield path
        elif path.is_dir():
            yield from (file for file in sorted(path.rglob("*.py")) if "__pycache__" not in file.parts)


def imported_modules(file: Path, root: Path) -> set[str]:
    """Absolute names of everything a file imports, at any depth, relative imports resolved."""
    found: set[str] = set()
    package = list(file.relative_to(root).with_suffix("").parts[:-1])
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"), str(file))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *((node.module or "").split(".") if node.module else [])])
            found.add(module)
            found.update(f"{module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and _is_import_call(node):
            found.update(arg.value for arg in node.args[:1] if isinstance(arg, ast.Constant))
    return found


def _is_import_call(node: ast.Call) -> bool:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return name in {"import_module", "__import__"}


def violations(root: Path, rule: Rule) -> list[str]:
    """Lines "file imports module" for each break of a rule."""
    allowed = {root / place for place in rule.except_in}
    return [
        f"{file.relative_to(root)} imports {module} ({rule.name})"
        for file in python_files(root, *rule.where)
        if file not in allowed
        for module in sorted(imported_modules(file, root))
        if any(module == name or module.startswith(f"{name}.") for name in rule.forbidden)
    ]


def too_long(root: Path) -> list[str]:
    """Python files of more than MAX_LINES lines."""
    counted = (
        (file, len(file.read_text(encoding="utf-8").splitlines())) for file in python_files(root, *CODE)
    )
    return [f"{file.relative_to(root)} has {lines} lines" for file, lines in counted if lines > MAX_LINES]


def leaving_paths(root: Path, files: list[Path]) -> list[str]:
    """Mentions of paths that only exist on somebody's machine or beside the repository."""
    pattern = re.compile(
        "|".join((r"\.\./shar" + "ed", "/wo" + r"rk/\w", r"(?<![\w.])/ro" + r"ot/", r"/home/\w+/"))
    )
    found = []
    for file in files:
        try:
            text = file.read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue
        found += [
            f"{file.relative_to(root)}:{number}: {line.strip()[:80]}"
            for number, line in enumerate(text.splitlines(), 1)
            if pattern.search(line)
        ]
    return found


def tracked_files(root: Path) -> list[Path]:
    """What git knows of, or every file where this is no checkout (a release archive)."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=False)
    if listed.returncode:
        return [
            p
            for p in root.rglob("*")
            if p.is_file() and not {".venv", "var"} & set(p.relative_to(root).parts)
        ]
    return [root / name for name in listed.stdout.decode().split("\0") if name]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_imports_go_one_way(rule: Rule) -> None:
    assert any(python_files(ROOT, *rule.where)), f"{rule.where} holds no Python: the rule guards nothing"
    assert violations(ROOT, rule) == []


def test_no_file_is_too_long() -> None:
    assert too_long(ROOT) == []


def test_nothing_points_outside_the_repository() -> None:
    assert leaving_paths(ROOT, tracked_files(ROOT)) == []


@pytest.mark.parametrize("name", sorted(PINNED))
def test_public_names_are_pinned(name: str) -> None:
    assert set(importlib.import_module(name).__all__) == PINNED[name]


# The checkers themselves, on a tree with one fault each.


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
@pytest.mark.parametrize(
    "write",
    [
        lambda module: f"import {module}\n",
        lambda module: f"from {module} import anything\n",
        lambda module: f"def late():\n    import {module}.deep as d\n    return d\n",
        lambda module: f"import importlib\nimportlib.import_module('{module}')\n",
    ],
    ids=["import", "from", "inside a function", "by name"],
)
def test_a_planted_import_is_found(tmp_path: Path, rule: Rule, write: Callable[[str], str]) -> None:
    place = rule.where[0]
    file = tmp_path / (place if place.endswith(".py") else f"{place}/planted.py")
    file.parent.mkdir(parents=True)
    for module in rule.forbidden:
        file.write_text(write(module), encoding="utf-8")
        assert violations(tmp_path, rule), f"{module} went unseen"
    file.write_text("import json\nfrom pathlib import Path\n", encoding="utf-8")
    assert violations(tmp_path, rule) == []


def test_a_planted_relative_import_is_found(tmp_path: Path) -> None:
    file = tmp_path / "idp/domain/checks/planted.py"
    file.parent.mkdir(parents=True)
    for line in ("from ...store import codes", "from ... import store", "from ...store.codes import Codes"):
        file.write_text(line + "\n", encoding="utf-8")
        assert violations(tmp_path, RULES[0]), line
    file.write_text("from ..models import Client\nfrom . import pkce\n", encoding="utf-8")
    assert violations(tmp_path, RULES[0]) == []


def test_the_allowed_place_is_the_only_one(tmp_path: Path) -> None:
    rule = next(r for r in RULES if r.except_in)
    for place in ("idp/adapters/ekyc_embedded.py", "idp/adapters/other.py"):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text("from ekyc.app import create_engine\n", encoding="utf-8")
    assert {line.split()[0] for line in violations(tmp_path, rule)} == {"idp/adapters/other.py"}


def test_a_planted_long_file_and_path_are_found(tmp_path: Path) -> None:
    (tmp_path / "idp").mkdir()
    long, short = tmp_path / "idp/long.py", tmp_path / "idp/short.py"
    long.write_text("x = 1\n" * (MAX_LINES + 1), encoding="utf-8")
    short.write_text("# see ../shar" + "ed/docs\n" + "x = 1\n" * (MAX_LINES - 1), encoding="utf-8")
    assert too_long(tmp_path) == [f"idp/long.py has {MAX_LINES + 1} lines"]
    assert len(leaving_paths(tmp_path, [long, short])) == 1
