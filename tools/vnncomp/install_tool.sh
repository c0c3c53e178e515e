#!/bin/sh
# VNN-COMP: install_tool.sh v1
# Installs the Debian packages that are missing and builds affidavit in release mode.
set -eu
[ "${1:-}" = v1 ] || { echo "usage: install_tool.sh v1" >&2; exit 64; }
root=$(cd "$(dirname "$0")/../.." && pwd)
"$root/tools/setup"
swift build --package-path "$root" -c release --product affidavit
