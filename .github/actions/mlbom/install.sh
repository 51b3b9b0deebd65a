#!/usr/bin/env bash
# Puts the program mlbom of one release on PATH. Nothing is run, and nothing
# unpacked, before its checksum is that of the release's list, and the list is what the
# user pinned or, where that can be checked here, what the release workflow signed.
set -euo pipefail

fail() {
	printf '::error title=mlbom::%s\n' "$1"
	exit 3
}

version=${IN_VERSION:?} releases=${IN_RELEASES:?}
into=${RUNNER_TEMP:?}/mlbom-bin
mkdir -p "$into"

sha256() { # of standard input; macOS has no sha256sum
	if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -d ' ' -f 1
}

get() { # get NAME: a file of the release into the folder down
	local only=https
	case $releases in
	http://127.0.0.1:* | http://localhost:*) only=http,https ;;
	esac
	curl --silent --show-error --fail --location --proto "=$only" --retry 5 --retry-connrefused --max-time 300 \
		--output "$down/$1" -- "$releases/$version/$1"
}

signed() { # signed FILE: the release workflow of this repository, at this tag, made it
	local bundle=$1.sigstore.json
	case ${IN_SIGNATURE:=auto} in
	off) return 0 ;;
	auto) command -v cosign >/dev/null || return 0 ;;
	require) command -v cosign >/dev/null || fail 'signature: require needs cosign; put sigstore/cosign-installer before this step' ;;
	*) fail 'signature: say auto, require or off' ;;
	esac
	get "$bundle" || fail "$releases/$version has no $bundle, so who made the release is not known"
	cosign verify-blob --bundle "$down/$bundle" \
		--certificate-identity "https://github.com/mlbom/mlbom/.github/workflows/release.yml@refs/tags/$version" \
		--certificate-oidc-issuer https://token.actions.githubusercontent.com "$down/$1" >&2 ||
		fail "the signature of $1 is not that of the release workflow of mlbom/mlbom at $version"
}

if [ "$version" = source ]; then
	command -v go >/dev/null || fail 'version: source needs Go; put actions/setup-go before this step'
	(cd "${GITHUB_ACTION_PATH:?}/../../.." && CGO_ENABLED=0 go build -trimpath -o "$into/" ./cmd/mlbom)
	printf '%s\n' "$into" >>"${GITHUB_PATH:?}"
	exit 0
fi
[[ $version =~ ^v[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$ ]] || fail 'version: say a release such as v1.2.3, or source'

case ${RUNNER_OS:?} in
Linux) os=linux ;;
macOS) os=darwin ;;
Windows) os=windows ;;
*) fail "there is no release for $RUNNER_OS; say version: source" ;;
esac
case ${RUNNER_ARCH:?} in
X64) arch=amd64 ;;
ARM64) arch=arm64 ;;
*) fail "there is no release for $RUNNER_ARCH; say version: source" ;;
esac

down=$(mktemp -d "$RUNNER_TEMP/mlbom.XXXXXX")
trap 'rm -rf "$down"' EXIT
archive=mlbom_${version#v}_${os}_$arch.tar.gz
list=mlbom_${version#v}_checksums.txt

get "$list" || fail "$releases/$version/$list cannot be had"
[ -z "${IN_CHECKSUMS_SHA256:-}" ] || [ "$(sha256 <"$down/$list")" = "$IN_CHECKSUMS_SHA256" ] ||
	fail "$list is not the one that checksums-sha256 names; the release was changed, or the input is of another one"
signed "$list"
want=$(awk -v name="$archive" '$2 == name { print $1 }' "$down/$list")
[[ $want =~ ^[0-9a-f]{64}$ ]] || fail "$list does not list $archive once"
get "$archive" || fail "$releases/$version/$archive cannot be had"
[ "$(sha256 <"$down/$archive")" = "$want" ] || fail "$archive is not what $list says; nothing was unpacked"

program=mlbom
[ "$os" != windows ] || program=mlbom.exe
tar -xzf "$down/$archive" -C "$down" "$program"
mv "$down/$program" "$into/$program"
printf '%s\n' "$into" >>"${GITHUB_PATH:?}"
"$into/$program" version
