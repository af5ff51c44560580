#!/usr/bin/env bash
# fetch_onnxruntime.sh FOLDER: puts ONNX Runtime for C++ into FOLDER/{lib,include}.
#
# Debian 12 has none. The library comes out of the Maven artifact, the headers out of the next Debian's package, which
# is unpacked and not installed. Headers may be older than the library, never newer. Both are checked by digest.
set -euo pipefail

VERSION=1.26.0
SHA_LIBRARY=5bd5bedf736fc501692435d0ec4f6e8b2bdf48cd30af8e6d00d61b3ddc9a7ab8
SHA_HEADERS=6a1cfd4210b7ee78bfb7f4e63c61fe854ce520d568e10100cf321b5e5a21c95c
PLUGIN=org.apache.maven.plugins:maven-dependency-plugin:2.8

die() {
    printf 'fetch_onnxruntime: %s\n' "$*" >&2
    exit 1
}

# Maven resets the terminal's colour even where it has used none.
maven() { mvn -q -B -ntp "$@" 2>&1 | sed 's/\x1b\[[0-9;]*m//g'; }

fetch_library() {
    local artifact=com.microsoft.onnxruntime:onnxruntime:$VERSION
    maven "$PLUGIN:get" "-Dartifact=$artifact" -Dtransitive=false
    maven "$PLUGIN:copy" "-Dartifact=$artifact" "-DoutputDirectory=$PWD"
    unzip -q -o -j "onnxruntime-$VERSION.jar" ai/onnxruntime/native/linux-x64/libonnxruntime.so -d ../lib
    mv ../lib/libonnxruntime.so ../lib/libonnxruntime.so.1
    ln -s libonnxruntime.so.1 ../lib/libonnxruntime.so
    echo "$SHA_LIBRARY  ../lib/libonnxruntime.so.1" | sha256sum -c --quiet ||
        die "the library is not the one that was checked in; do not use it"
}

# The mirror that this machine's apt uses already.
debian_mirror() {
    awk '/^URIs:/{print $2; exit}' /etc/apt/sources.list.d/debian.sources 2>/dev/null | grep . ||
        awk '/^deb /{for (i = 2; i <= NF; i++) if ($i ~ /:\/\//) {print $i; exit}}' /etc/apt/sources.list
}

# An apt state of its own, so that the machine's stays on its release.
fetch_headers() {
    local key=/usr/share/keyrings/debian-archive-keyring.gpg apt
    mkdir -p lists/partial cache/archives/partial
    echo "deb [signed-by=$key] $(debian_mirror) trixie main" >trixie.list
    apt=(-o "Dir::Etc::SourceList=$PWD/trixie.list" -o Dir::Etc::SourceParts=/dev/null -o "Dir::State::Lists=$PWD/lists"
        -o "Dir::Cache=$PWD/cache" -o "APT::Sandbox::User=$(id -un)")
    apt-get "${apt[@]}" update -qq
    apt-get "${apt[@]}" download -qq libonnxruntime-dev
    dpkg -x libonnxruntime-dev_*.deb unpacked
    cp unpacked/usr/include/onnxruntime/onnxruntime_*.h ../include/
    cp unpacked/usr/share/doc/libonnxruntime-dev/copyright ../LICENSE
    [[ $(cd ../include && cat_digests) == "$SHA_HEADERS" ]] ||
        die "the headers are not those that were checked in; look at what changed in libonnxruntime-dev"
}

cat_digests() { sha256sum onnxruntime_{c_api,cxx_api,cxx_inline}.h | sha256sum | cut -c1-64; }

[[ $(uname -m) == x86_64 ]] || die "only x86_64 was tried, and this is $(uname -m)"
rm -rf "$1"
mkdir -p "$1"/{lib,include,download}
cd "$1/download"
fetch_library
fetch_headers
rm -rf ../download
