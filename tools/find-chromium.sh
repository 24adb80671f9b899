#!/bin/sh
# Finds a Chromium for the browser tests; says what it did. Debian's headless shell is installed where it can be, with a
# Chinese font and the library that the tests' driver is linked to: it has no window to draw for and takes half the time.
set -eu
shell=chromium-headless-shell
install() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1" fonts-noto-cjk libatomic1 >/dev/null
}
if ! command -v $shell >/dev/null; then
  echo "installing Debian's $shell, fonts-noto-cjk and libatomic1"
  install $shell || echo "no $shell to be had: looking for another Chromium"
fi
for name in $shell chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null; then
    echo "browser tests use $(command -v "$name")"
    exit 0
  fi
done
install chromium && echo "browser tests use $(command -v chromium)" && exit 0
echo "no Chromium found; install one (Debian: apt-get install $shell fonts-noto-cjk libatomic1) and run make test again" >&2
exit 1
