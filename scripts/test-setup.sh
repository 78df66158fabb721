#!/usr/bin/env bash
# What the tests need beside npm's packages: Debian's redis-server and openssl. No service is started; tests start their own.
set -euo pipefail
if command -v redis-server >/dev/null && command -v redis-cli >/dev/null && command -v openssl >/dev/null; then
  redis-server --version
  exit 0
fi
if ! command -v apt-get >/dev/null; then
  echo 'test:setup: expected apt-get (Debian, Ubuntu), got none. Install redis-server 7 another way, or set REDIS_URL.' >&2
  exit 1
fi
sudo=''
[ "$(id -u)" -eq 0 ] || sudo='sudo'
export DEBIAN_FRONTEND=noninteractive
# Debian starts a service as soon as it is installed, unless this says no.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' | $sudo tee "$policy" >/dev/null
  $sudo chmod +x "$policy"
  trap '$sudo rm -f "$policy"' EXIT
fi
$sudo apt-get update -qq
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends redis-server openssl
redis-server --version
