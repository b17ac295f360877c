#!/usr/bin/env bash
# Measures the published binary beside bare Kestrel, nginx with nchan, and Node.js with ws, and writes the figures into docs/performance.md.
# On a fresh Debian machine with the .NET 10 SDK it installs the servers that it compares with first.
#
#   bash bench.sh                          everything: 20 minutes, three of them for building and publishing
#   bash bench.sh --scenes fan-out idle    some scenes, for the terminal only
#   bash bench.sh --short                  small and short, eight minutes, to see that all works, for the terminal only
#   bash bench.sh --scenes floods floods-distributed --floods deleting guesses
#                                          some floods, in both deployments
#   bash bench.sh --scenes floods --environment DOTNET_GCHeapHardLimit=0x1E000000
#                                          all of them, where Teal has the memory of a container of 512 MB
#
# It needs two processors: the servers have the first to themselves, the load generator, Redis and RabbitMQ share the second.
set -euo pipefail
cd "$(dirname "$0")"

say() { printf '\n== %s (%s s)\n' "$1" "$SECONDS"; }

missing=()
[ -x /usr/sbin/nginx ] || missing+=(nginx)
[ -e /usr/lib/nginx/modules/ngx_nchan_module.so ] || missing+=(libnginx-mod-nchan)
command -v node >/dev/null || missing+=(nodejs)
[ -d /usr/share/nodejs/ws ] || missing+=(node-ws)
command -v redis-server >/dev/null || missing+=(redis-server)
[ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || missing+=(rabbitmq-server)
command -v taskset >/dev/null || missing+=(util-linux)
if [ ${#missing[@]} -gt 0 ]; then
  say "Installing ${missing[*]}"
  as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo)
  # Nothing may be started by the installation: the comparison starts servers of its own.
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

if [ "$(nproc)" -lt 2 ]; then
  echo "bench.sh needs two processors, and there is one." >&2
  exit 1
fi

# One connection is one open file, at both ends.
ulimit -n "$(ulimit -Hn)"
if [ "$(ulimit -n)" != unlimited ] && [ "$(ulimit -n)" -lt 12000 ]; then
  echo "bench.sh needs a limit of 12,000 open files (ulimit -n), and it is $(ulimit -n)." >&2
  exit 1
fi

say "Building"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Without the analyzers, which test.sh runs.
bash publish.sh "$work/teal" -p:RunAnalyzers=false
dotnet build Teal.Benchmarks -c Release --nologo -v quiet -p:RunAnalyzers=false -o "$work/benchmarks"

# What was built is not to be on its way to the disk while something is measured that waits for the disk.
sync

say "Measuring"
document=()
[ $# -gt 0 ] || document=(--document docs/performance.md)
# The load generator compiles nothing anew while it measures, and collects no memory before it has taken 512 MiB; it undoes that for the servers which it starts.
DOTNET_TieredCompilation=0 DOTNET_GCgen0size=20000000 taskset -c 1 dotnet "$work/benchmarks/Teal.Benchmarks.dll" load --binary "$work/teal/teal" "${document[@]}" "$@"
say "Done"
