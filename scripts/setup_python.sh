# shellcheck shell=bash
# Part of setup.sh: Python itself, uv, and the locked packages.

# The interpreter is the system's own (>= 3.11); nothing downloads another one.
find_python() {
    local name
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            "$name" -c 'import sys; print(sys.executable)'
            return 0
        fi
    done
    return 1
}

# Prints a uv that runs: on PATH, where its installers put it, or the one installed here before.
uv_on_path() {
    local candidate
    for candidate in "$(command -v uv || true)" "$HOME/.local/bin/uv" "$HOME/.cargo/bin/uv" "$PWD/.venv-uv/bin/uv"; do
        if [ -n "$candidate" ] && "$candidate" --version >/dev/null 2>&1; then
            echo "$candidate"
            return 0
        fi
    done
    return 1
}

# A private environment, because the pip of Debian 12 and later refuses system installs (PEP 668).
find_or_install_uv() {
    uv_on_path && return 0
    say "uv, which installs the locked Python packages, is missing: putting it into .venv-uv" >&2
    "$1" -m venv .venv-uv >&2 && .venv-uv/bin/python -m pip install --quiet 'uv>=0.9' >&2 || return 1
    echo "$PWD/.venv-uv/bin/uv"
}

# $1 = uv, $2 = the Python to use. The lock file decides every version.
sync_environment() {
    [ -x .venv/bin/python ] || say "installing the locked Python packages into .venv (the first time takes a minute)"
    UV_PYTHON_DOWNLOADS=never "$1" sync --quiet --locked --all-packages --all-extras --python "$2" || die \
        "the Python packages could not be installed; the message of uv is above." \
        "Most often PyPI cannot be reached: check the network and run this again."
}
