#include "tests/vocabulary/tree.hpp"

#include "events/catalogue.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

namespace sluice::vocabulary {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view schema_folder = "events/schemas/", example_folder = "events/examples/";

std::optional<std::string> read(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return std::nullopt;
    return std::string(std::istreambuf_iterator<char>(file), {});
}

Files generated() {
    auto files = schemas();
    files.merge(examples());
    files.merge(ids());
    files.merge(asyncapi());
    files.merge(event_flow());
    return files;
}

bool is_current(const std::string& path, const std::string& wanted, const std::optional<std::string>& there) {
    return there && (*there == wanted || (path.starts_with(example_folder) && is_golden(path, *there)));
}

std::string complaint(const std::string& path, bool is_there) {
    if (!is_there) return path + " is missing: run ./dev vocabulary write";
    if (path.starts_with(schema_folder))
        return path +
               " is not what its type says. A schema that was released is never edited: restore the type, and put the "
               "change into a new version of the fact. One that was not released yet: run ./dev vocabulary write";
    return path + " is not what the types say: run ./dev vocabulary write";
}

/// `<Name>.v<N>.json` of a fact that has, or had, this version.
bool is_of_a_fact(const std::string& file) {
    bool known = false;
    events::for_each_fact<events::AllFacts>([&]<class Fact>(std::type_identity<Fact>) {
        for (int version = 1; version <= Fact::schema_version; ++version)
            known |= file == std::string(Fact::name) + ".v" + std::to_string(version) + ".json";
    });
    return known;
}

void complain_of_strangers(const std::string& root, std::string_view folder, const Files& wanted,
                           std::vector<std::string>& complaints) {
    for (const auto& entry : fs::directory_iterator(fs::path(root) / folder)) {
        const auto path = std::string(folder) + entry.path().filename().string();
        if (!wanted.contains(path) && !is_of_a_fact(entry.path().filename().string()))
            complaints.push_back(path + " belongs to no fact of the catalogue: delete it");
    }
}

}  // namespace

std::vector<std::string> write(const std::string& root) {
    std::vector<std::string> written;
    for (const auto& [path, text] : generated()) {
        const auto at = fs::path(root) / path;
        if (is_current(path, text, read(at))) continue;
        fs::create_directories(at.parent_path());
        std::ofstream(at, std::ios::binary) << text;
        written.push_back(path);
    }
    return written;
}

std::vector<std::string> check(const std::string& root) {
    std::vector<std::string> complaints;
    const auto wanted = generated();
    for (const auto& [path, text] : wanted) {
        const auto there = read(fs::path(root) / path);
        if (!is_current(path, text, there)) complaints.push_back(complaint(path, there.has_value()));
    }
    for (const auto folder : {schema_folder, example_folder}) complain_of_strangers(root, folder, wanted, complaints);
    return complaints;
}

}  // namespace sluice::vocabulary
