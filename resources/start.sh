#!/bin/sh
# Installs what is missing and starts GANStudio; arguments are handed on (a checkpoint to open, or a verb).
EXTRAS=
. "$(dirname "$0")/environment.sh"
exec .venv/bin/ganstudio "$@"
