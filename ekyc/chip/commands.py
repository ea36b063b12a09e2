"""``ekyc chip``: check the files of a chip; issue MOCK specimen chips and let them answer."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from ekyc.chip.anchors import AnchorError
from ekyc.chip.files import file_name
from ekyc.chip.reading import ChipReading
from ekyc.chip.specimen.answer import answer_nonce
from ekyc.chip.specimen.folder import mock_csca, read_key, write_chip
from ekyc.chip.specimen.issue import Profile, issue_chip
from ekyc.chip.verifier import ChipVerifier
from ekyc.errors import EkycError
from ekyc.policy import ChipPolicy
from ekyc.registry.embedded import open_registry

_FOLDER = click.Path(file_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)
_KEYS = ("rsa2048", "rsa3072", "p256", "p384", "p521", "brainpool256", "brainpool384")
_DIGESTS = ("sha1", "sha224", "sha256", "sha384", "sha512")


@click.group()
def chip() -> None:
    """Files that a phone read from a card's chip."""


@chip.command()
@click.argument("files", nargs=-1, required=True, type=_FILE)
@click.option("--csca", type=_FOLDER, help="Folder of CSCA certificates (.cer) and revocation lists (.crl).")
@click.option("--nonce", help="What the chip was asked to sign, hexadecimal.")
@click.option("--answer", type=_FILE, help="What the chip signed.")
@click.option("--accept-sha1", is_flag=True, help="Take files that were signed with SHA-1.")
@click.option("--portrait", type=_FILE, help="Write the chip's portrait here, as JPEG.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def verify(
    files: tuple[Path, ...],
    csca: Path | None,
    nonce: str | None,
    answer: Path | None,
    accept_sha1: bool,
    portrait: Path | None,
    as_json: bool,
) -> None:
    """Verify DG1, DG2, SOD and those of DG13, DG14, DG15 that the chip has, in any order.

    The outcome is "verified" or "integrity_only"; a chip that fails is an error with a code.
    """
    try:
        verifier = ChipVerifier(csca, ChipPolicy(accept_sha1=accept_sha1))
    except AnchorError as error:
        raise click.UsageError(f"--csca: {error}") from error
    reading = verifier.read(
        _named(files),
        nonce=_bytes(nonce) if nonce is not None else None,
        answer=_content(answer) if answer else b"",
        now=datetime.now(UTC),
    )
    if portrait:
        portrait.write_bytes(reading.portrait)
    shown = reading.as_json()
    click.echo(json.dumps(shown, ensure_ascii=False, indent=2) if as_json else _table(reading))


@chip.command()
@click.option("--data", type=_FOLDER, required=True, help="Folder of the databases.")
@click.option("--number", required=True, help="Personal number, twelve digits.")
@click.option("--out", type=_FOLDER, required=True, help="Where the files go, and chip.key with them.")
@click.option("--authority", type=_FOLDER, help="MOCK CSCA, made at first use. Default: DATA/mock-csca.")
@click.option("--signer", type=click.Choice(_KEYS), default="p256", show_default=True)
@click.option("--digest", type=click.Choice(_DIGESTS), default="sha256", show_default=True)
@click.option("--pss", is_flag=True, help="RSASSA-PSS instead of PKCS #1 v1.5.")
@click.option("--explicit", is_flag=True, help="Spell out the numbers of the curves.")
@click.option("--active", type=click.Choice((*_KEYS, "none")), default="p256", show_default=True)
@click.option("--picture", type=click.Choice(("jpeg", "jp2")), default="jpeg", show_default=True)
def specimen(data: Path, number: str, out: Path, authority: Path | None, active: str, **how: Any) -> None:
    """Issue the MOCK chip of a person of the MOCK registry: dg1.bin to sod.bin, and chip.key."""
    opened = open_registry(data)
    try:
        person = opened.person(number)
    finally:
        opened.close()
    if person.portrait is None:
        raise click.UsageError("This person has no portrait, so a chip without picture: choose another.")
    profile = Profile(active=None if active == "none" else active, **how)  # type: ignore[arg-type]
    made = issue_chip(person, mock_csca(authority or data / "mock-csca"), profile)
    click.echo("\n".join(str(path) for path in write_chip(made, out)))


@chip.command()
@click.option("--key", type=_FILE, required=True, help="chip.key of a specimen.")
@click.option("--nonce", required=True, help="Hexadecimal, as the service gave it.")
@click.option("--out", type=_FILE, required=True, help="Where the answer goes.")
def answer(key: Path, nonce: str, out: Path) -> None:
    """Sign a nonce as the MOCK chip would."""
    out.write_bytes(answer_nonce(read_key(key), _bytes(nonce)))


def _named(paths: tuple[Path, ...]) -> dict[str, bytes]:
    """File name -> content, by the first tag. Raises EkycError chip_unreadable, usage."""
    found: dict[str, bytes] = {}
    for path in paths:
        data = _content(path)
        name = file_name(data)
        if name is None:
            raise EkycError("chip_unreadable", "file of no known tag")
        if name in found:
            raise click.UsageError(f"{path.name}: a second {name}.")
        found[name] = data
    return found


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise click.UsageError(f"Cannot read the file {path}: {error.strerror}.") from error


def _bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise click.UsageError("--nonce is not hexadecimal.") from error


def _table(reading: ChipReading) -> str:
    rows = [
        f"{'outcome':20s} {reading.trust}",
        f"{'active':20s} {'answered our nonce' if reading.active else 'not checked'}",
        *(f"{name:20s} {field.value or '-'}" for name, field in reading.fields.items()),
        *(f"{check.name:20s} {check.outcome} {check.detail}".rstrip() for check in reading.checks),
    ]
    return "\n".join(rows)
