#include "cli/settings.hpp"

#include "cli/ended.hpp"

#include <fstream>

namespace sluice::cli {
namespace {

namespace fs = std::filesystem;

std::string unquoted(const std::string& value) {
    const bool quoted = value.size() >= 2 && value.front() == value.back() && (value[0] == '\'' || value[0] == '"');
    return quoted ? value.substr(1, value.size() - 2) : value;
}

fs::path find_file(const Variable& environment, const fs::path& folder) {
    std::error_code ignored;
    if (const auto named = environment("SLUICE_DEV_DIR"); named && !named->empty()) {
        const auto file = folder / *named / "env";
        return fs::exists(file, ignored) ? file : fs::path{};
    }
    for (auto at = folder;; at = at.parent_path()) {
        if (const auto file = at / ".dev" / "env"; fs::exists(file, ignored)) return file;
        if (at == at.parent_path()) return {};
    }
}

}  // namespace

std::map<std::string, std::string> read_env(std::istream& in) {
    std::map<std::string, std::string> found;
    for (std::string line; std::getline(in, line);) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        const auto begin = line.starts_with("export ") ? line.find_first_not_of(' ', 7) : 0;
        const auto equals = line.find('=');
        if (begin == std::string::npos || equals == std::string::npos || equals <= begin) continue;
        const auto name = line.substr(begin, equals - begin);
        if (name.find_first_of(" \t#'\"$") == std::string::npos) found[name] = unquoted(line.substr(equals + 1));
    }
    return found;
}

Settings::Settings(Variable environment, const fs::path& folder)
    : environment_{std::move(environment)}, file_{find_file(environment_, folder)} {
    if (file_.empty()) return;
    std::ifstream in{file_};
    from_file_ = read_env(in);
}

std::optional<std::string> Settings::find(const std::string& name) const {
    if (auto value = environment_(name); value && !value->empty()) return value;
    const auto found = from_file_.find(name);
    return found == from_file_.end() || found->second.empty() ? std::nullopt : std::optional{found->second};
}

std::string Settings::get(const std::string& name) const {
    if (auto value = find(name)) return *value;
    const auto where = file_.empty() ? "there is no .dev/env here or above" : "nor does " + file_.string() + " have it";
    throw Ended{Exit::failure, name + " is not set, and " + where + "; start the services with ./dev up, or set it"};
}

}  // namespace sluice::cli
