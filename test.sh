#!/usr/bin/env bash
# Builds Teal, checks its format, and runs every test. On a fresh Debian machine with the .NET 10 SDK it installs what the tests
# need first. The last line says how it went: «tests: N passed, N failed».
#
#   bash test.sh           everything, with the published binary
#   bash test.sh --fast    what needs no server of its own: no Redis, RabbitMQ, browser or process of Teal. For the time between two
#                          commits: it installs and publishes nothing, and leaves analyzers, format and benchmarks to the whole
set -euo pipefail
cd "$(dirname "$0")"

say() { printf '\n== %s (%s s)\n' "$1" "$SECONDS"; }

fast=
case "${1:-}" in
  --fast) fast=1 ;;
  "") ;;
  *) echo "test.sh knows --fast alone." >&2; exit 64 ;;
esac

if [ -z "$fast" ]; then
  missing=()
  command -v redis-server >/dev/null || missing+=(redis-server)
  command -v rabbitmq-server >/dev/null || [ -x /usr/sbin/rabbitmq-server ] || missing+=(rabbitmq-server)
  command -v chromium-headless-shell >/dev/null || missing+=(chromium-headless-shell)
  command -v npm >/dev/null || missing+=(npm)
  /usr/bin/python3 -c 'import websockets' 2>/dev/null || missing+=(python3-websockets)
  if [ ${#missing[@]} -gt 0 ]; then
    say "Installing ${missing[*]}"
    as_root=()
    [ "$(id -u)" = 0 ] || as_root=(sudo)
    # Nothing may be started by the installation: the tests start servers of their own.
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  fi

  # The OpenID provider is kept outside of the repository. npm fetches it. The Node.js that the browser's library brings runs it,
  # as it supports none before 22, and Debian 12 has 18.
  provider=~/.cache/teal-tests/oidc-provider-9.13.3
  if [ ! -d "$provider" ]; then
    say "Installing oidc-provider"
    mkdir -p "${provider%/*}"
    # It gets its name when it is whole.
    part=$(mktemp -d "$provider.XXXXXX")
    if npm install --prefix "$part" --no-audit --no-fund --ignore-scripts oidc-provider@9.13.3 >/dev/null; then
      mv -T "$part" "$provider" || rm -rf "$part"
    else
      rm -rf "$part"
      echo "npm did not get oidc-provider: the tests with it fail."
    fi
  fi
fi

# One compiler for all projects, of which nothing is left behind: starting it anew for each takes several times as long.
export UseSharedCompilation=true SharedCompilationId="teal-tests-$$"
results=$(mktemp -d)
leave() {
  local roslyn
  roslyn=$(dotnet --list-sdks | sed -n "s|^$(dotnet --version) \[\(.*\)\]|\1/$(dotnet --version)/Roslyn/bincore|p")
  dotnet "$roslyn/VBCSCompiler.dll" "-pipename:$SharedCompilationId" -shutdown >/dev/null 2>&1 || true
  rm -rf "$results"
}
trap leave EXIT

say "Building"
if [ -n "$fast" ]; then
  dotnet build Teal.Tests -c Release --nologo -v quiet -p:RunAnalyzers=false
else
  # The build checks style and analyzers, and so it builds again what --fast has built without.
  dotnet build Teal.sln -c Release --nologo -v quiet --no-incremental
  say "Checking the format"
  dotnet format whitespace . --folder --verify-no-changes
fi

# The tests of whole processes run what is published.
# Tests wait more than they compute, without processes even more, and so more than one for each processor run at once.
settings=(TEAL_WITHOUT_SERVICES=1) runner=(-- NUnit.NumberOfTestWorkers=6)
if [ -z "$fast" ]; then
  say "Publishing"
  settings=(TEAL_REQUIRE_SERVICES=1 "TEAL_BINARY=$(bash publish.sh "$results/teal" -p:RunAnalyzers=false | tail -n 1)")
  runner=(-- NUnit.NumberOfTestWorkers=4)
fi

say "Testing"
status=0
# A shell that was started in the background has its children ignore Ctrl-C, and nohup has them ignore SIGHUP; some tests send both.
env --default-signal=INT,HUP "${settings[@]}" dotnet test Teal.Tests -c Release --no-build --nologo --results-directory "$results" \
  --logger "trx;LogFileName=tests.trx" --logger "console;verbosity=minimal" "${runner[@]}" || status=$?

counters=$(grep -o '<Counters [^>]*' "$results/tests.trx" 2>/dev/null || true)
count() { printf '%s' "$counters" | sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p"; }
passed=$(count passed) total=$(count total) executed=$(count executed) failed=$(count failed)
if [ -z "$counters" ] || [ "${executed:-0}" -eq 0 ]; then
  echo "No test ran."
  echo "tests: 0 passed, 1 failed"
  exit 1
fi
say "Done"
skipped=$((total - executed))
[ "$failed" -eq 0 ] || status=1
line="tests: $passed passed, $failed failed"
[ "$skipped" -eq 0 ] || line="$line, $skipped skipped"
echo "$line"
exit $status
