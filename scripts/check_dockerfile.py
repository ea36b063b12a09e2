"""Run every step of the Dockerfile without Docker: each stage in a chroot of a Debian 12 made beforehand.

    debootstrap --variant=minbase bookworm /tmp/base http://deb.debian.org/debian
    sudo .venv/bin/python scripts/check_dockerfile.py /tmp/base

One thing differs from the image: its base has a Python 3.12 of its own, the chroot Debian's 3.11.
COPY honours .dockerignore. At the end the CMD and the other server must answer as the image's user.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


@dataclass
class Stage:
    """One FROM: its root folder and what ENV, WORKDIR and USER have set so far."""

    name: str
    root: Path
    env: dict[str, str] = field(default_factory=dict)
    folder: str = "/"
    user: str = "root"
    command: list[str] = field(default_factory=list)


def instructions(text: str) -> list[tuple[str, str]]:
    """(instruction, arguments) in order; comments dropped, continued lines joined."""
    joined = re.sub(r"\\\n", " ", "\n".join(line for line in text.splitlines() if not line.startswith("#")))
    return [
        (word, rest.strip())
        for word, _, rest in (line.partition(" ") for line in joined.splitlines() if line)
    ]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("base", type=Path, help="a Debian 12 made by debootstrap --variant=minbase")
    parser.add_argument("--port", type=int, default=8400, help="where the started CMD must answer")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dockerfile-") as folder, contextlib.ExitStack() as mounts:
        stages: list[Stage] = []
        for word, rest in instructions((ROOT / "Dockerfile").read_text(encoding="utf-8")):
            print(f"{word} {rest[:100]}", flush=True)
            began = time.monotonic()
            if word == "FROM":
                name = rest.split(" AS ")[-1]
                stages.append(_new_stage(name, options.base, Path(folder) / name, mounts))
            else:
                _execute(word, rest, stages[-1], {stage.name: stage for stage in stages})
            print(f"    {time.monotonic() - began:.1f} s", flush=True)
        _answers(stages[-1], stages[-1].command, f"http://127.0.0.1:{options.port}", "/readyz", "/")
        engine = ["ekyc", "serve", "--port", str(options.port + 2)]
        _answers(stages[-1], engine, f"http://127.0.0.1:{options.port + 2}", "/readyz", "/openapi.json")
    print("every step of the Dockerfile works")
    return 0


def _new_stage(name: str, base: Path, root: Path, mounts: contextlib.ExitStack) -> Stage:
    subprocess.run(["cp", "-a", str(base), str(root)], check=True)
    for file in ("/etc/resolv.conf", "/etc/hosts"):
        shutil.copyfile(file, root / file.lstrip("/"))
    mounts.enter_context(_mounted(root))
    stage = Stage(name, root, {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"})
    packages = "python3 python3-venv ca-certificates"  # what python:3.12-slim brings
    _in(
        stage,
        f"apt-get -q update && apt-get -q install -y --no-install-recommends {packages} && apt-get clean",
    )
    if CERTIFICATES.exists():  # the network of this machine may need authorities of its own
        shutil.copyfile(CERTIFICATES, root / str(CERTIFICATES).lstrip("/"))
        stage.env |= {"SSL_CERT_FILE": str(CERTIFICATES), "PIP_CERT": str(CERTIFICATES)}
    return stage


@contextlib.contextmanager
def _mounted(root: Path) -> Iterator[None]:
    subprocess.run(["mount", "-t", "proc", "proc", str(root / "proc")], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", str(root / "proc")], check=True)


def _execute(word: str, rest: str, stage: Stage, stages: dict[str, Stage]) -> None:
    if word == "ENV":
        for pair in shlex.split(rest):
            name, _, value = pair.partition("=")
            stage.env[name] = re.sub(r"\$(\w+)", lambda m: stage.env.get(m[1], ""), value)
    elif word == "WORKDIR":
        stage.folder = rest
        (stage.root / rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
    elif word == "USER":
        stage.user = rest
    elif word == "RUN":
        _in(stage, rest)
    elif word == "COPY":
        _copy(rest.split(), stage, stages)
    elif word == "CMD":
        stage.command = json.loads(rest)
    elif word not in {"EXPOSE", "VOLUME", "HEALTHCHECK"}:
        raise SystemExit(f"this script does not know {word}")


def _argv(stage: Stage, command: list[str]) -> list[str]:
    inner = f"cd {shlex.quote(stage.folder)} && exec {shlex.join(command)}"
    return ["chroot", f"--userspec={stage.user}", str(stage.root), "/bin/sh", "-c", inner]


def _in(stage: Stage, script: str) -> None:
    done = subprocess.run(
        _argv(stage, ["/bin/sh", "-c", script]),
        env={**stage.env, "HOME": "/tmp", "DEBIAN_FRONTEND": "noninteractive"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{done.stdout[-3000:]}\nthis RUN step failed with code {done.returncode}: {script}")


def _copy(words: list[str], stage: Stage, stages: dict[str, Stage]) -> None:
    origin = words.pop(0).removeprefix("--from=") if words[0].startswith("--from=") else ""
    *sources, target = words
    place = stage.root / os.path.normpath(os.path.join(stage.folder, target)).lstrip("/")
    for source in sources:
        path = (stages[origin].root if origin else ROOT) / source.lstrip("/")
        into = place / path.name if path.is_file() else place
        into.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file():
            shutil.copy2(path, into)
        else:
            ignore = None if origin else _ignored
            shutil.copytree(path, into, symlinks=True, dirs_exist_ok=True, ignore=ignore)


def _ignored(folder: str, names: list[str]) -> set[str]:
    """What the excluding lines of .dockerignore leave out; the including ones repeat the COPY steps."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    patterns = [line.removeprefix("**/") for line in lines if line != "*" and not line.startswith("!")]
    here = Path(folder).relative_to(ROOT)
    return {
        name
        for name in names
        if any(Path(name).match(p) or (here / name).match(p) or str(here / name) == p for p in patterns)
    }


def _answers(stage: Stage, command: list[str], address: str, *paths: str) -> None:
    print(f"starting {shlex.join(command)} as {stage.user}", flush=True)
    process = subprocess.Popen(_argv(stage, command), env={**stage.env, "HOME": "/data"})
    try:
        for path in paths:
            _wait(process, address + path)
    finally:
        process.terminate()
        process.wait()


def _wait(process: subprocess.Popen[bytes], url: str) -> None:
    for _ in range(300):
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2) as answer:
            print(f"{url} answers {answer.status}")
            return
        if process.poll() is not None:
            raise SystemExit(f"it ended with code {process.returncode}")
        time.sleep(0.2)
    raise SystemExit(f"{url} did not answer 200 within a minute")


if __name__ == "__main__":
    sys.exit(main())
