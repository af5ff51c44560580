#include "tests/vocabulary/tree.hpp"

#include <iostream>

// Writes what derives from the vocabulary's types into the tree, or says what there differs from them.
namespace {

constexpr auto usage =
    "usage: sluice-vocabulary write|check [FOLDER]\n"
    "  write  writes schemas, examples, asyncapi.yaml and docs/event-flow.md where they differ from the types\n"
    "  check  says which of them differ\n"
    "FOLDER is the repository; by default the one that this program was built from\n"
    "exit status: 0 all is as the types say, 1 something differs, 2 wrong usage\n";

int print(const std::vector<std::string>& lines) {
    for (const auto& line : lines) std::cout << line << "\n";
    return lines.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string verb = argc > 1 ? argv[1] : "";
    const std::string root = argc > 2 ? argv[2] : SLUICE_SOURCE_DIR;
    if (verb == "--help") return std::cout << usage, 0;
    if (argc > 3 || (verb != "write" && verb != "check")) return std::cerr << usage, 2;
    if (verb == "check") return print(sluice::vocabulary::check(root));
    print(sluice::vocabulary::write(root));
}
