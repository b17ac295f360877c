#!/usr/bin/env bash
# Makes the native binary for this machine: two files that need nothing else installed. On a fresh Debian machine with the .NET 10 SDK
# it installs the linker first.
#
#   bash publish.sh              into the folder publish
#   bash publish.sh FOLDER       into another one
#
# Further arguments go to «dotnet publish».
set -euo pipefail
folder=$(realpath -m "${1:-$(dirname "$0")/publish}")
cd "$(dirname "$0")"

if ! command -v clang >/dev/null && ! command -v gcc >/dev/null || [ ! -e /usr/include/stdlib.h ]; then
  echo "Installing gcc and libc6-dev"
  as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo)
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends gcc libc6-dev >/dev/null
fi

runtime=$(dotnet msbuild Teal.Host -getProperty:NETCoreSdkPortableRuntimeIdentifier)
dotnet publish Teal.Host -c Release -r "$runtime" --nologo -v quiet -o "$folder" "${@:2}"
echo "$folder/teal"
