#!/usr/bin/env bash
# Runs mlbom generate with the inputs of the action. Outputs and summary are written
# also where the gate says no, and the exit code stays that of mlbom.
set -euo pipefail

fail() {
	printf '::error title=mlbom::%s\n' "$1"
	exit 2
}

for value in "${IN_PATH:?}" "${IN_OUTPUT:?}" "${IN_FORMAT:?}"; do
	case $value in
	*$'\n'*) fail 'path, output and format take one line' ;; # more would be outputs of the step that nobody gave
	esac
done

temp=$(mktemp -d "${RUNNER_TEMP:?}/mlbom.XXXXXX")
mkdir -p "$(dirname -- "$IN_OUTPUT")"
args=(--output "$IN_FORMAT=$IN_OUTPUT" --findings "$temp/findings.jsonl" --summary "$temp/summary.md")
while IFS= read -r line; do
	[ -z "$line" ] || args+=("$line")
done <<<"${IN_ARGS:-}"
gates() { # gates TEXT: --fail-on for each word
	local words word
	while IFS=$' \t,' read -r -a words; do
		for word in "${words[@]}"; do
			[ -z "$word" ] || args+=(--fail-on "$word")
		done
	done <<<"$1"
}
gates "${IN_FAIL_ON:-}"

code=0
mlbom generate "${args[@]}" -- "$IN_PATH" || code=$?
case $code in
0 | 1) ;; # 1: the document is there, and the gate says no
*) exit "$code" ;;
esac

sha256() {
	if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -d ' ' -f 1
}
{
	printf 'bom-path=%s\n' "$IN_OUTPUT"
	printf 'digest=sha256:%s\n' "$(sha256 <"$IN_OUTPUT")"
	printf 'findings=%s\n' "$(grep -c '^{"type":"finding"' "$temp/findings.jsonl" || true)"
	printf 'findings-path=%s\n' "$temp/findings.jsonl"
} >>"${GITHUB_OUTPUT:?}"
[ "${IN_SUMMARY:-true}" != true ] || cat "$temp/summary.md" >>"${GITHUB_STEP_SUMMARY:?}"
[ -n "${IN_BASE:-}" ] || exit "$code"

args=(--format markdown --output "$temp/diff.md")
gates "${IN_DIFF_FAIL_ON:-}"
differs=0
mlbom diff "${args[@]}" -- "$IN_BASE" "$IN_OUTPUT" || differs=$?
case $differs in
0 | 1) ;;
*) exit "$differs" ;;
esac
printf 'diff-path=%s\n' "$temp/diff.md" >>"$GITHUB_OUTPUT"
[ "${IN_SUMMARY:-true}" != true ] || cat "$temp/diff.md" >>"$GITHUB_STEP_SUMMARY"
[ "$code" != 0 ] || code=$differs
exit "$code"
