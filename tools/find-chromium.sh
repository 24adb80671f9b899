#!/bin/sh
# Finds a Chromium for the browser tests, or installs Debian's with a Chinese font and the library that the tests'
# driver is linked to; says what it did.
set -eu
for name in chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null; then
    echo "browser tests use $(command -v "$name")"
    found=yes
    break
  fi
done
if [ -z "${found:-}" ]; then
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "no Chromium found; install one (Debian: apt-get install chromium fonts-noto-cjk libatomic1) and run make test again" >&2
    exit 1
  fi
  echo "no Chromium on this machine: installing Debian's chromium, fonts-noto-cjk and libatomic1"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk libatomic1 >/dev/null
  echo "browser tests use $(command -v chromium)"
fi
