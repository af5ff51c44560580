#include "services/serving/api/feature_row.hpp"

#include <nlohmann/json.hpp>

#include <cmath>

namespace sluice::serving {
namespace {

using nlohmann::json;

constexpr std::size_t key_size_max = 256;

core::Failure refused(const std::string& what) {
    return core::Failure::poison(
        "a feature row " + what,
        R"(publish {"view","version","key","event_time","values":{"<column>":<number or null>}})");
}

std::string text_of(const json& row, const char* name) {
    const auto found = row.find(name);
    return found != row.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

std::optional<std::string> read_values(const json& row, FeatureRow& into) {
    const auto values = row.find("values");
    if (values == row.end() || !values->is_object()) return "has no object values";
    if (values->size() > FeatureStore::columns_max) return "has too many values";
    for (const auto& [name, value] : values->items()) {
        if (!value.is_number() && !value.is_null()) return "has a value that is neither a number nor null";
        const auto number = value.is_null() ? std::nullopt : std::optional{value.get<double>()};
        if (number && !std::isfinite(static_cast<float>(*number))) return "has a value that does not fit float32";
        into.values.emplace_back(name, number);
    }
    return std::nullopt;
}

}  // namespace

core::Result<FeatureRow> read_feature_row(std::string_view text) {
    const auto row = json::parse(text, nullptr, false);
    if (!row.is_object()) return refused("is no JSON object");
    FeatureRow out;
    out.view.text = text_of(row, "view");
    if (!events::DottedName::fits(out.view.text)) return refused("has no view, or one whose name is malformed");
    const auto version = row.find("version");
    if (version == row.end() || !version->is_number_unsigned() || *version > UINT32_MAX)
        return refused("has no version, a whole number");
    out.version = version->get<std::uint32_t>();
    out.key = text_of(row, "key");
    if (out.key.empty() || out.key.size() > key_size_max) return refused("has no key, or one that is too long");
    const auto at = core::from_rfc3339(text_of(row, "event_time"));
    if (!at) return refused("has no event_time in RFC 3339");
    out.event_time = *at;
    if (const auto wrong = read_values(row, out)) return refused(*wrong);
    return out;
}

}  // namespace sluice::serving
