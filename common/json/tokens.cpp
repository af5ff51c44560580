#include "common/json/tokens.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <sstream>

namespace sluice::json {
namespace {

constexpr std::streamsize size_max = 1024 * 1024;

core::Failure unreadable(const std::string& path, const std::string& why) {
    return core::Failure::fatal("the tokens file " + path + " " + why,
                                R"(it holds {"tokens":[{"subject":"…","roles":["…"],"sha256":"…"}]})");
}

}  // namespace

core::Result<std::vector<TokenEntry>> read_tokens(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return unreadable(path, "cannot be opened");
    std::string text(size_max + 1, '\0');
    file.read(text.data(), size_max + 1);
    if (file.gcount() > size_max) return unreadable(path, "is larger than 1 MiB");
    text.resize(static_cast<std::size_t>(file.gcount()));
    const auto tree = nlohmann::json::parse(text, nullptr, false);
    if (!tree.is_object() || !tree.contains("tokens") || !tree["tokens"].is_array())
        return unreadable(path, "is not JSON of the right form");
    std::vector<TokenEntry> entries;
    for (const auto& each : tree["tokens"]) {
        try {
            entries.push_back({each.at("subject").get<std::string>(), each.at("roles").get<std::set<std::string>>(),
                               each.at("sha256").get<std::string>()});
        } catch (const nlohmann::json::exception&) {
            return unreadable(path, "has a wrong entry, number " + std::to_string(entries.size() + 1));
        }
    }
    return entries;
}

}  // namespace sluice::json
