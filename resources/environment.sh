# Makes ready what GANStudio needs: system libraries (Debian and its kin), a virtual environment, the program in it.
# Read by start.sh and test.sh, which set EXTRAS first. Quick when nothing is to do.

cd "$(dirname "$0")/.." || exit 1

LIBRARIES="libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libglib2.0-0 fonts-dejavu-core \
libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxcb-xkb1 libxkbcommon-x11-0 libxcb-render-util0 \
libxcb-image0 libxcb-randr0 libxcb-xinerama0"

say() { printf '%s\n' "$*" >&2; }

find_python() {
    for name in python3.11 python3.12 python3.13 python3; do
        if command -v "$name" >/dev/null 2>&1 &&
            "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s' "$name"
            return 0
        fi
    done
    return 1
}

install_system_libraries() {
    command -v dpkg-query >/dev/null 2>&1 || return 0
    wanted=$LIBRARIES
    if ! python=$(find_python); then
        wanted="$wanted python3 python3-venv"
    elif ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        wanted="$wanted python3-venv"
    fi
    missing=
    for package in $wanted; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" -ne 0 ]; then
        say "System libraries are missing. Install them with:  sudo apt-get install -y$missing"
        return 0
    fi
    say "Installing system libraries:$missing"
    # shellcheck disable=SC2086 # a list of words
    { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing; } \
        >/tmp/ganstudio-apt.log 2>&1 || {
        say "The system libraries could not be installed; see /tmp/ganstudio-apt.log"
        exit 1
    }
}

install_program() {
    python=$(find_python) || {
        say "GANStudio needs Python 3.11 or newer. Install it, then run this again."
        exit 1
    }
    [ -x .venv/bin/python ] || "$python" -m venv .venv || {
        say "The virtual environment .venv could not be made (on Debian: apt-get install python3-venv)."
        exit 1
    }
    stamp=".venv/installed${EXTRAS:-}"
    [ -f "$stamp" ] && cmp -s pyproject.toml "$stamp" && return 0
    say "Installing GANStudio into .venv (the first time this takes some minutes) ..."
    # torch first and alone, at exactly this version: a looser wish would bring packages for GPUs that are not there.
    .venv/bin/python -m pip install -q --disable-pip-version-check torch==2.13.0 &&
        .venv/bin/python -m pip install -q --disable-pip-version-check -e ".${EXTRAS:-}" || {
        say "Installing failed; the lines above say why. Without a network it cannot be done."
        exit 1
    }
    cp pyproject.toml "$stamp"
}

install_system_libraries
install_program
