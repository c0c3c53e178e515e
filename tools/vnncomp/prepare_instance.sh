#!/bin/sh
# VNN-COMP: prepare_instance.sh v1 CATEGORY ONNX VNNLIB
# Nothing to convert: it only says no when the program or a file is missing.
set -eu
[ $# -eq 4 ] && [ "$1" = v1 ] || {
  echo "usage: prepare_instance.sh v1 CATEGORY ONNX VNNLIB" >&2
  exit 64
}
here=$(cd "$(dirname "$0")" && pwd)
program=${AFFIDAVIT:-$here/../../.build/release/affidavit}
[ -x "$program" ] || { echo "not built: $program" >&2; exit 1; }
[ -r "$4" ] || { echo "cannot read the query $4" >&2; exit 1; }
networks=$(python3 "$here/networks.py" "$3" "$4")
echo "$networks" | while IFS= read -r network; do
  [ -r "$network" ] || [ -r "${network#*=}" ] || {
    echo "cannot read the network $network" >&2
    exit 1
  }
done
