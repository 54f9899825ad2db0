#!/bin/sh
# The main job on drawn digits, in some ten seconds: a private daemon in a temporary directory, a small grid, its table.
#
#   demo/demo.sh [DIRECTORY]    DIRECTORY has pairnetd and pairnetctl; by default $PAIRNET_BIN, or .build/release
#
# Nothing is left behind, also after Ctrl-C.
set -eu

bin=${1:-${PAIRNET_BIN:-$(dirname "$0")/../.build/release}}
bin=$(cd "$bin" && pwd)
for program in pairnetd pairnetctl; do
  if [ ! -x "$bin/$program" ]; then
    echo "demo: $bin/$program is not there; 'make build' makes it" >&2
    exit 1
  fi
done
PATH=$bin:$PATH

# A short path: a socket's has at most 107 bytes.
directory=$(mktemp -d /tmp/pairnet-demo.XXXXXX)
PAIRNET_SOCKET=$directory/api.sock
export PATH PAIRNET_SOCKET
unset PAIRNET_STATE_DIRECTORY PAIRNET_DATA_DIRECTORY PAIRNET_WORKERS PAIRNET_LOG_LEVEL PAIRNET_CONFIG 2>/dev/null || :
daemon=

clean_up() {
  status=$?
  trap - EXIT INT TERM HUP
  if [ -n "$daemon" ]; then
    kill "$daemon" 2>/dev/null || :
    wait "$daemon" 2>/dev/null || :
  fi
  rm -rf "$directory"
  exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# Prints a command as a transcript shows it, and runs it.
run() {
  printf '\n$ %s\n' "$*"
  "$@"
}

: >"$directory/pairnetd.yaml"
printf '$ pairnetd --state-directory %s/state --socket %s &\n' "$directory" "$PAIRNET_SOCKET"
pairnetd --config "$directory/pairnetd.yaml" --state-directory "$directory/state" --socket "$PAIRNET_SOCKET" \
  --log-level warning &
daemon=$!

waited=0
until pairnetctl status >/dev/null 2>&1; do
  kill -0 "$daemon" 2>/dev/null || { echo "demo: pairnetd did not start" >&2; exit 1; }
  waited=$((waited + 1))
  [ "$waited" -lt 300 ] || { echo "demo: pairnetd does not answer" >&2; exit 1; }
  sleep 0.1
done

run pairnetctl status
run pairnetctl data show --dataset synthetic --count 2
run pairnetctl submit grid --name demo --dataset synthetic --epochs 10 --model all --batch-norm both --seeds 1-3 --wait
run pairnetctl results --aggregate --study demo

printf '\n$ kill %s    # pairnetd; the demo is over\n' "$daemon"
