#!/usr/bin/env bash
# The speed of tipsearch beside bare tantivy and ripgrep, over a shelf of some 750 reports.
#
#   benches/run.sh            prints a table of what was measured and what it may be at most
#   benches/run.sh --check    and exits with 1 where a number is over its bound by more than 25 %
#
# TIPSEARCH_SHARED names the folder that holds `reports/child-labor`; default: ../shared.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
benches=$root/benches
shared=${TIPSEARCH_SHARED:-$root/../shared}
# What the caller's environment says must not change what is measured.
unset TIPSEARCH_INDEX TIPSEARCH_FORMAT

skip() {
    echo "benches: skipped: $1"
    exit 0
}

case ${1:-} in
'' | --check) ;;
*)
    echo "usage: benches/run.sh [--check]" >&2
    exit 2
    ;;
esac

[[ -d $shared/reports/child-labor ]] ||
    skip "there is no \`$shared/reports/child-labor\`; set TIPSEARCH_SHARED to the folder that holds it"
for tool in hyperfine rg python3 /usr/bin/time; do
    command -v "$tool" >/dev/null || skip "\`$tool\` is not installed"
done

# build NAME ARGUMENT...: builds with cargo and prints the path of the program of that name.
build() {
    local name=$1
    shift
    cargo build --manifest-path "$root/Cargo.toml" --release --locked --message-format=json-render-diagnostics "$@" | python3 -c '
import json, sys
built = [json.loads(line) for line in sys.stdin]
built = [line for line in built if line.get("executable") and line["target"]["name"] == sys.argv[1]]
print(built[-1]["executable"])' "$name"
}
# Each by itself: together they would share features that one of them has not.
tipsearch=$(build tipsearch --bin tipsearch)
in_process=$(build in_process --package speed --bin in_process)
reading=$(build reading --package speed --bin reading)
bare=$(build bare --package bare)

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
# Copies: nothing that is built meanwhile changes what is measured.
cp -- "$tipsearch" "$work/tipsearch"
cp -- "$in_process" "$work/in_process"
cp -- "$reading" "$work/reading"
cp -- "$bare" "$work/bare-tantivy"

python3 "$benches/measure.py" \
    --tipsearch "$work/tipsearch" --in-process "$work/in_process" --bare "$work/bare-tantivy" \
    --reading "$work/reading" --wikitext "$shared/formats/wikitext" \
    --shelf "$shared/reports/child-labor" --report "$shared/report" \
    --queries "$benches/queries.txt" --work "$work" "$@"
