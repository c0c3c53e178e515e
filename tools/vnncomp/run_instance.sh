#!/bin/sh
# VNN-COMP: run_instance.sh v1 CATEGORY ONNX VNNLIB RESULTS TIMEOUT
# Line 1 of RESULTS is sat, unsat, timeout, unknown or error; the witness of a sat follows, in a 2.0
# query as affidavit prints it, in a 1.0 query as ((X_0 v) (X_1 v) ... (Y_0 v)). Exit status 0.
set -eu
[ $# -eq 6 ] && [ "$1" = v1 ] || {
  echo "usage: run_instance.sh v1 CATEGORY ONNX VNNLIB RESULTS TIMEOUT" >&2
  exit 64
}
onnx=$3 query=$4 results=$5 limit=$6
here=$(cd "$(dirname "$0")" && pwd)
program=${AFFIDAVIT:-$here/../../.build/release/affidavit}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
networks=$(python3 "$here/networks.py" "$onnx" "$query")
case $query in
*.gz)
  gzip -dc "$query" >"$folder/query.vnnlib"
  query=$folder/query.vnnlib
  ;;
esac

set -- verify "$query" --timeout "$limit"
while IFS= read -r network; do
  set -- "$@" --network "$network"
done <<EOF
$networks
EOF

status=0
kill_after=$(awk "BEGIN { print $limit + 5 }")
timeout --signal=KILL "$kill_after" "$program" "$@" >"$folder/answer" || status=$?

# A list of tensors as VNN-LIB 1.0's X_0, X_1, ..., Y_0, ...
as_scalars() {
  awk '
    NF > 1 { name = $1; index_ = 0; if (name ~ /_[0-9]+$/) scalar = 1; else scalar = 0; next }
    NF == 1 {
      entry = scalar ? name : name "_" index_++
      printf "%s(%s %s)", (started++ ? "\n" : "("), entry, $1
    }
    END { print ")" }'
}

verdict=$(head -n 1 "$folder/answer")
case $status:$verdict in
137:* | 0:timed-out) echo timeout >"$results" ;;
0:unsat | 0:unknown) echo "$verdict" >"$results" ;;
0:sat)
  echo sat >"$results"
  if grep -q declare-network "$query"; then
    tail -n +2 "$folder/answer"
  else
    tail -n +2 "$folder/answer" | as_scalars
  fi >>"$results"
  ;;
*) echo error >"$results" ;;
esac
