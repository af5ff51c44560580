# shellcheck shell=bash
# ./dev build [PRESET]: compile everything, tests included, into build/PRESET
#
# Presets: dev (default), release, asan (address and undefined behaviour), tsan. Uses ccache where it finds it, and
# leaves compile_commands.json of the last build beside this script for editors.

main() {
    [[ ${1:-} != -* ]] || refuse_unknown "$1"
    local preset=${1:-$PRESET} build
    build=$ROOT/build/$preset
    "$ROOT/dev" setup --quiet
    cd "$ROOT"
    if ! grep -qsxF "ONNXRUNTIME_ROOT:PATH=$TOOLS/onnxruntime" "$build/CMakeCache.txt"; then
        cmake --preset "$preset" "-DONNXRUNTIME_ROOT:PATH=$TOOLS/onnxruntime"
    fi
    ninja -C "$build" --quiet
    ln -sfn "build/$preset/compile_commands.json" compile_commands.json
}
