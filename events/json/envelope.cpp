#include "common/core/json_text.hpp"
#include "events/json/generic.hpp"

#include <charconv>
#include <set>

namespace sluice::events {
namespace {

bool eat(std::string_view& text, std::string_view expected) {
    if (!text.starts_with(expected)) return false;
    text.remove_prefix(expected.size());
    return true;
}

/// Up to the closing quote of a string without escapes.
std::optional<std::string_view> plain(std::string_view& text) {
    const auto end = text.find_first_of("\"\\");
    if (end == text.npos || text[end] == '\\') return std::nullopt;
    const auto found = text.substr(0, end);
    text.remove_prefix(end + 1);
    return found;
}

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() && !text.empty() ? std::optional{value}
                                                                                     : std::nullopt;
}

std::string member(const Json& event, const char* name) {
    const auto found = event.find(name);
    return found != event.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

/// `/sluice/<cell>/<service>`
std::pair<std::string, std::string> cell_and_service(std::string_view source) {
    if (!eat(source, "/sluice/")) return {};
    const auto slash = source.find('/');
    if (slash == source.npos) return {};
    return {std::string(source.substr(0, slash)), std::string(source.substr(slash + 1))};
}

core::Failure foreign(std::string why) {
    return core::Failure::poison("this record is no fact: " + why, "find out who writes to the ledger besides Sluice");
}

}  // namespace

Json json::parse(std::string_view text) {
    if (core::nests_deeper_than(core::json_depth_max, text)) return Json(Json::value_t::discarded);
    return Json::parse(text, nullptr, false);
}

std::string json::dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

std::optional<Peek> peek(std::string_view value) {
    Peek found;
    if (!eat(value, R"({"specversion":"1.0","type":")")) return std::nullopt;
    const auto type = plain(value);
    if (!type || !eat(value, R"(,"id":")")) return std::nullopt;
    const auto id = plain(value);
    if (!id || !eat(value, R"(,"seen":")")) return std::nullopt;
    const auto seen = plain(value);
    const auto fact_id = core::fact_id_from(*id);
    if (!seen || !fact_id || !number(*seen)) return std::nullopt;
    return Peek{*type, *fact_id, *number(*seen)};
}

std::pair<std::string_view, int> name_and_version(std::string_view type) {
    if (!eat(type, "io.sluice.")) return {};
    const auto dot = type.rfind(".v");
    if (dot == type.npos) return {};
    const auto version = number(type.substr(dot + 2));
    if (!version || *version == 0 || *version > 1000) return {};
    return {type.substr(0, dot), static_cast<int>(*version)};
}

bool known_to_all(std::string_view type) {
    static const auto names = [] {
        std::set<std::string_view> all;
        for_each_fact<AllFacts>([&]<class Fact>(std::type_identity<Fact>) { all.insert(Fact::name); });
        return all;
    }();
    return names.contains(name_and_version(type).first);
}

core::Result<Parsed> parse(std::string_view value) {
    auto event = json::parse(value);
    if (!event.is_object()) return foreign("not a JSON object, or one that nests too deep");
    if (member(event, "specversion") != "1.0") return foreign("not a CloudEvent 1.0");
    const auto id = core::fact_id_from(member(event, "id"));
    const auto seen = number(member(event, "seen"));
    const auto time = core::from_rfc3339(member(event, "time"));
    if (!id || !seen || !time) return foreign("its id, seen or time is not as a service of Sluice writes it");

    Parsed parsed;
    parsed.head.id = *id, parsed.head.seen = *seen, parsed.head.time = *time;
    parsed.head.cause = core::fact_id_from(member(event, "causationid")).value_or(core::FactId{});
    parsed.head.correlation = core::fact_id_from(member(event, "correlationid")).value_or(core::FactId{});
    const auto basis = number(member(event, "basis"));
    parsed.has_basis = basis.has_value();
    parsed.head.basis = basis.value_or(0);
    parsed.head.actor = member(event, "authid");
    parsed.head.trace = member(event, "traceparent");
    parsed.type = member(event, "type");
    const auto [name, version] = name_and_version(parsed.type);
    parsed.name = name, parsed.schema_version = version;
    parsed.subject = member(event, "subject");
    std::tie(parsed.cell, parsed.head.service) = cell_and_service(member(event, "source"));
    parsed.tree = std::make_shared<Parsed::Tree>(Parsed::Tree{std::move(event)});
    return parsed;
}

std::string Parsed::data_text() const {
    const auto data = tree->json.find("data");
    return data == tree->json.end() ? "null" : json::dump(*data);
}

std::string write_value(const core::Stamp& stamp, std::string_view type, std::string_view name, int schema_version,
                        std::string_view subject, std::string_view data) {
    Json value;
    value["specversion"] = "1.0";
    value["type"] = type;
    value["id"] = core::to_text(stamp.id);
    value["seen"] = std::to_string(stamp.seen);
    value["source"] = "/sluice/" + stamp.cell + "/" + stamp.service;
    value["subject"] = subject;
    value["time"] = core::rfc3339(stamp.time);
    value["dataschema"] = "urn:sluice:schema:" + std::string(name) + ":" + std::to_string(schema_version);
    value["partitionkey"] = partition_key(subject);
    if (stamp.basis) value["basis"] = std::to_string(*stamp.basis);
    if (!stamp.cause.is_none()) value["causationid"] = core::to_text(stamp.cause);
    value["correlationid"] = core::to_text(stamp.correlation.is_none() ? stamp.id : stamp.correlation);
    if (!stamp.actor.empty()) {
        value["authtype"] = "api_key";
        value["authid"] = stamp.actor;
    }
    if (!stamp.trace.empty()) value["traceparent"] = stamp.trace;
    auto text = json::dump(value);
    text.back() = ',';
    return text.append(R"("data":)").append(data).append("}");
}

std::string partition_key(std::string_view subject) {
    constexpr std::string_view models = "models/";
    if (!subject.starts_with(models)) return std::string(subject);
    return std::string(subject.substr(models.size(), subject.find('/', models.size()) - models.size()));
}

core::Failure newer_schema(core::Position position, std::string_view type) {
    return core::Failure::fatal("position " + std::to_string(position) + ": " + std::string(type) +
                                    " has a schema version that this build does not read",
                                "upgrade this service: readers are upgraded before writers");
}

core::Failure undecodable(core::Position position, std::string_view type, const std::vector<Problem>& problems) {
    std::string where;
    for (const auto& problem : problems) where += " " + problem.pointer + " (" + problem.code + ")";
    return core::Failure::fatal(
        "position " + std::to_string(position) + ": " + std::string(type) + " does not decode:" + where,
        "find out who wrote it; nothing on the ledger is skipped, so this service waits for a build that reads it");
}

}  // namespace sluice::events
