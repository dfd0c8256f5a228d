#!/bin/sh
# Installs what is missing and checks everything: style, types, who imports whom, tests. Arguments go to pytest.
EXTRAS='[test]'
. "$(dirname "$0")/environment.sh"
failed=0
check() {
    say "== $*"
    "$@" || failed=1
}
check .venv/bin/ruff check .
check .venv/bin/ruff format --check .
check .venv/bin/mypy
check .venv/bin/lint-imports
export QT_QPA_PLATFORM=offscreen OMP_NUM_THREADS=1
check .venv/bin/python -m pytest -n auto --maxprocesses 8 --dist worksteal "$@"
exit $failed
