#!/usr/bin/env bash
# A release from the tree to its users, with servers of its own on this machine: generate, verify, sign, attach, fetch,
# verify what was fetched, hand to Dependency-Track; then a flipped bit. Each step's exit code is checked. What it prints
# is transcript.txt: the same on each machine, since keys, ports and what hangs on them are replaced.
# MLBOM and SERVERS name the programs; they are built where they are not given.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT

MLBOM=${MLBOM:-$work/bin/mlbom} SERVERS=${SERVERS:-$work/bin/servers}
[ -x "$MLBOM" ] || (cd "$here/../.." && go build -o "$MLBOM" ./cmd/mlbom)
[ -x "$SERVERS" ] || (cd "$here/../.." && go build -o "$SERVERS" ./examples/release/servers)

cp -r "$here/../finetuned-model" "$work/summarizer"
cd "$work"
"$SERVERS" -model summarizer -out servers.env &
server=$!
for _ in $(seq 200); do
	[ ! -e servers.env ] || break
	sleep 0.1
done
# shellcheck source=/dev/null
. ./servers.env
export SOURCE_DATE_EPOCH=1767225600 MLBOM_GO_MOD_CACHE=none DOCKER_CONFIG=$work/none
export MLBOM_KEY_PASSWORD='' DEPENDENCY_TRACK_API_KEY=$TRACKER_KEY
touch keep restore

# stays HEX: a digest that is the same on each machine is shown.
stays() {
	local n
	n=$(wc -l <keep)
	printf 's,%s,<%d>,g\n' "$1" "$((n))" >>keep
	printf 's,<%d>,%s,g\n' "$((n))" "$1" >>restore
}

sha256() {
	if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -c 1-64
}

stays "$(sha256 <summarizer/model.safetensors)"
stays "${IMAGE_DIGEST#sha256:}"

# steady replaces what is of this run alone.
steady() {
	sed -E -e "s,$REGISTRY,registry.example,g; s,$TRACKER,track.example,g; s,$work/,,g" \
		-e 's, in [0-9.]+m?s$,,; s,[A-Za-z0-9+/]{43}=,(its hint),; s,[0-9.]+ kB,… kB,g' \
		-e 's,[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12},(a UUID),g' |
		sed -E -f keep -e 's,[0-9a-f]{64},…,g' -f restore
}

# step CODE ARGUMENTS... runs mlbom and wants this exit code.
step() {
	local code=0
	printf '$ mlbom %s\n' "${*:2}" | steady
	"$MLBOM" "${@:2}" >said 2>&1 </dev/null || code=$?
	steady <said
	if [ "$code" != "$1" ]; then
		printf 'exit code %d, want %d\n' "$code" "$1"
		exit 1
	fi
	[ "$code" = 0 ] || printf '(exit code %d)\n' "$code"
	echo
}

echo '# The maintainer: what is in the tree, and is it that'
step 0 generate summarizer --name summarizer --version 1.2.0 --quiet --fail-on high --output cyclonedx-json=bom.cdx.json
step 0 verify bom.cdx.json summarizer

echo '# Signed, for the artefact in the registry, and attached to it; twice is once'
step 0 sign --new-key release
step 0 sign bom.cdx.json --key release.key --subject "models/summarizer@$IMAGE_DIGEST"
step 0 attach "$IMAGE" bom.cdx.json bom.cdx.json.sigstore.json
step 0 attach "$IMAGE" bom.cdx.json bom.cdx.json.sigstore.json --quiet

echo '# Handed to Dependency-Track, whose policies are asked'
step 0 upload bom.cdx.json --url "http://$TRACKER" --project summarizer@1.2.0 --auto-create --gate

echo '# The deployer: fetched back, signed by whom, and is this what lies here'
step 0 fetch "$IMAGE" --output got/
cmp bom.cdx.json got/bom.cdx.json
step 0 verify got/bom.cdx.json summarizer --trust-key release.pub

echo '# One bit of the weights'
byte=$(tail -c 100 summarizer/model.safetensors | head -c 1 | od -An -tu1)
size=$(($(wc -c <summarizer/model.safetensors)))
# shellcheck disable=SC2059 # an escape made here
printf "\\x$(printf %x $((byte ^ 1)))" | dd of=summarizer/model.safetensors bs=1 seek=$((size - 100)) conv=notrunc status=none
stays "$(sha256 <summarizer/model.safetensors)"
step 1 verify got/bom.cdx.json summarizer --trust-key release.pub

echo '# A word of the BOM, which says now what nobody signed'
sed 's/"version": "1.2.0"/"version": "1.2.1"/' got/bom.cdx.json >forged && mv forged got/bom.cdx.json
step 1 verify-signature got/bom.cdx.json.sigstore.json got/bom.cdx.json --trust-key release.pub

echo '# A tree with a pickle that runs something: the gates say no'
printf "cos\nsystem\n(S'id'\ntR." >summarizer/old.pkl
step 1 generate summarizer --name summarizer --version 1.3.0 --quiet --fail-on high --output cyclonedx-json=next.cdx.json
step 1 upload next.cdx.json --url "http://$TRACKER" --project summarizer@1.3.0 --auto-create --gate
step 1 diff bom.cdx.json next.cdx.json --only added,finding --fail-on alarm,critical
