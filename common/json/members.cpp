#include "common/json/members.hpp"

#include <nlohmann/json.hpp>

#include <set>
#include <vector>

namespace sluice::json {
namespace {

using Json = nlohmann::json;
constexpr int levels_max = 32;

/// Asked while parsing: notes what two readers could read differently, and what is too deep to be read at all.
class Strictness {
public:
    bool operator()(int depth, Json::parse_event_t event, Json& parsed) {
        if (depth > levels_max) fits = false;
        if (event == Json::parse_event_t::object_start) names_.emplace_back();
        if (event == Json::parse_event_t::object_end) names_.pop_back();
        if (event == Json::parse_event_t::key) fits &= names_.back().insert(parsed.get<std::string>()).second;
        return fits;
    }
    bool fits = true;

private:
    std::vector<std::set<std::string>> names_;
};

}  // namespace

std::optional<Members> members_of(std::string_view text) {
    Strictness strict;
    const auto object = Json::parse(text, std::ref(strict), false);
    if (!strict.fits || !object.is_object()) return std::nullopt;
    Members members;
    for (const auto& [name, value] : object.items()) members[name] = value.dump();
    return members;
}

std::optional<std::string> text_of(const std::string& json) {
    const auto value = Json::parse(json, nullptr, false);
    return value.is_string() ? std::optional{value.get<std::string>()} : std::nullopt;
}

}  // namespace sluice::json
