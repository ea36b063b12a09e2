"""The MOCK authority and specimen chips in folders, for the commands and the demo."""

from __future__ import annotations

import os
from pathlib import Path
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from ekyc.chip.specimen.authority import Holder, PrivateKey, new_csca
from ekyc.chip.specimen.issue import SpecimenChip

_KEY, _CERTIFICATE = "csca.key", "csca.cer"


def mock_csca(folder: Path) -> Holder:
    """The authority in this folder, made where there is none. The folder may serve as EKYC_CSCA."""
    if not (folder / _CERTIFICATE).exists():
        made = new_csca()
        folder.mkdir(parents=True, exist_ok=True)
        write_key(made.key, folder / _KEY)
        (folder / _CERTIFICATE).write_bytes(made.encoded)
    certificate = x509.load_der_x509_certificate((folder / _CERTIFICATE).read_bytes())
    return Holder(read_key(folder / _KEY), certificate)


def write_chip(chip: SpecimenChip, out: Path) -> list[Path]:
    """dg1.bin to sod.bin, and chip.key where the chip can sign."""
    out.mkdir(parents=True, exist_ok=True)
    paths = [out / f"{name}.bin" for name in chip.files]
    for path, data in zip(paths, chip.files.values(), strict=True):
        path.write_bytes(data)
    if chip.key is not None:
        paths.append(out / "chip.key")
        write_key(chip.key, paths[-1])
    return paths


def write_key(key: PrivateKey, path: Path) -> None:
    """PEM, readable by its owner only."""
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(pem)


def read_key(path: Path) -> PrivateKey:
    return cast(PrivateKey, load_pem_private_key(path.read_bytes(), None))
