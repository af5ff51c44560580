#include "common/kafka/topics.hpp"
#include "events/codec.hpp"
#include "tests/vocabulary/flow.hpp"
#include "tests/vocabulary/schema.hpp"
#include "tests/vocabulary/tree.hpp"
#include "tests/vocabulary/yaml.hpp"

#include <algorithm>

namespace sluice::vocabulary {
namespace {

using namespace events;

constexpr auto cloud_event = "application/cloudevents+json";

/// What travels where. The ledger's messages are the facts.
struct Use {
    std::string about;
    std::vector<std::string> messages, senders, receivers;
};
const Use& use_of(const std::string& topic) {
    static const std::map<std::string, Use> uses{
        {"sluice.ledger", {"Every fact, in one order, kept for ever.", {}, {}, {}}},
        {"sluice.telemetry",
         {"What serving nodes have seen, window by window.", {"TelemetryWindow"}, {"serving"}, {"deployer"}}},
        {"sluice.features",
         {"Current feature values by entity; feature jobs publish them.", {"FeatureRow"}, {}, {"serving"}}},
        {"sluice.quarantine",
         {"What came from outside and could not be taken, with the reason.", {"Quarantined"}, {"listener"}, {}}},
        {"sluice.intake", {"Set apart for what training jobs will produce directly.", {}, {}, {}}},
    };
    return uses.at(topic);
}

Json link_to(const std::string& to) { return {{"$ref", to}}; }
Json links_to(const std::string& folder, const std::vector<std::string>& names) {
    auto all = Json::array();
    for (const auto& name : names) all.push_back(link_to(folder + name));
    return all;
}

std::string last_word(const std::string& topic) { return topic.substr(topic.rfind('.') + 1); }

std::vector<std::string> facts() {
    std::vector<std::string> names;
    for_each_fact<AllFacts>([&]<class Fact>(std::type_identity<Fact>) { names.emplace_back(Fact::name); });
    return names;
}

/// A number is written as one; cleanup.policy is a list.
Json setting(const std::string& name, const std::string& value) {
    if (name == "cleanup.policy") return Json::array({value});
    const auto parsed = Json::parse(value, nullptr, false);
    return parsed.is_discarded() ? Json(value) : parsed;
}

Json channel(const kafka::Topic& topic) {
    const auto& use = use_of(topic.name);
    Json channel{{"address", topic.name}, {"description", use.about}};
    auto& messages = channel["messages"] = Json::object();
    for (const auto& name : topic.name == "sluice.ledger" ? facts() : use.messages)
        messages[name] = link_to("#/components/messages/" + name);
    Json settings = Json::object();
    for (const auto& [name, value] : topic.settings) settings[name] = setting(name, value);
    channel["bindings"]["kafka"] = {{"topic", topic.name},
                                    {"partitions", topic.partitions},
                                    {"topicConfiguration", settings},
                                    {"bindingVersion", "0.5.0"}};
    return channel;
}

Json channels() {
    Json all;
    for (const auto& topic : kafka::topics()) all[last_word(topic.name)] = channel(topic);
    return all;
}

Json operation(const std::string& action, const std::string& channel, const std::vector<std::string>& messages) {
    const auto at = "#/channels/" + channel;
    return {{"action", action}, {"channel", link_to(at)}, {"messages", links_to(at + "/messages/", messages)}};
}

Json operations() {
    std::map<std::string, std::vector<std::string>> sends, receives;
    for_each_fact<AllFacts>([&]<class Fact>(std::type_identity<Fact>) {
        for (const auto& writer : writers_of<Fact>()) sends[writer].emplace_back(Fact::name);
        for (const auto& reader : readers_of<Fact>()) receives[reader].emplace_back(Fact::name);
    });
    receives["mirror"] = facts();
    Json all;
    for (const auto& [service, names] : sends) all[service + "-writes-ledger"] = operation("send", "ledger", names);
    for (const auto& [service, names] : receives)
        all[service + "-reads-ledger"] = operation("receive", "ledger", names);
    for (const auto& topic : kafka::topics()) {
        const auto& use = use_of(topic.name);
        const auto channel = last_word(topic.name);
        for (const auto& by : use.senders) all[by + "-writes-" + channel] = operation("send", channel, use.messages);
        for (const auto& by : use.receivers)
            all[by + "-reads-" + channel] = operation("receive", channel, use.messages);
    }
    return all;
}

template <class Fact> Json fact_message() {
    const std::string name{Fact::name}, version = std::to_string(Fact::schema_version);
    const Json here{{"properties",
                     {{"type", {{"const", type_of<Fact>()}}},
                      {"dataschema", {{"const", "urn:sluice:schema:" + name + ":" + version}}},
                      {"data", link_to("./schemas/" + name + ".v" + version + ".json")}}}};
    return {{"name", type_of<Fact>()},
            {"title", Fact::name},
            {"summary", Fact::about},
            {"contentType", cloud_event},
            {"correlationId", {{"location", "$message.payload#/correlationid"}}},
            {"payload", {{"allOf", Json::array({link_to("./schemas/Envelope.json"), here})}}}};
}

Json feature_row() {
    const Json text{{"type", "string"}, {"minLength", 1}};
    const Json values{{"type", "object"}, {"additionalProperties", {{"type", Json::array({"number", "null"})}}}};
    return {{"type", "object"},
            {"required", Json::array({"view", "version", "key", "event_time", "values"})},
            {"properties",
             {{"view", text},
              {"version", {{"type", "integer"}, {"minimum", 0}}},
              {"key", text},
              {"event_time", {{"type", "string"}, {"format", "date-time"}}},
              {"values", values}}}};
}

Json quarantined() {
    return {{"type", "object"},
            {"required", Json::array({"service", "time", "reason", "digest", "size"})},
            {"properties",
             {{"service", {{"type", "string"}}},
              {"time", {{"type", "string"}, {"format", "date-time"}}},
              {"authid", {{"type", "string"}}},
              {"reason", {{"type", "string"}}},
              {"digest", schema_of<Digest>()},
              {"size", {{"type", "integer"}, {"minimum", 0}}}}}};
}

Json plain_message(const std::string& title, const std::string& summary, const Json& payload) {
    return {{"name", title},
            {"title", title},
            {"summary", summary},
            {"contentType", "application/json"},
            {"payload", payload}};
}

Json messages() {
    Json all;
    for_each_fact<AllFacts>(
        [&]<class Fact>(std::type_identity<Fact>) { all[std::string(Fact::name)] = fact_message<Fact>(); });
    all["TelemetryWindow"] = plain_message("TelemetryWindow", "what a serving node has seen since its last window",
                                           link_to("./schemas/TelemetryWindow.json"));
    all["FeatureRow"] = plain_message(
        "FeatureRow", "the current values of one view for one entity; null: there is none", feature_row());
    all["Quarantined"] = plain_message("Quarantined", "what was refused, and why", quarantined());
    return all;
}

}  // namespace

Files asyncapi() {
    const Json document{
        {"asyncapi", "3.0.0"},
        {"id", "urn:sluice"},
        {"info",
         {{"title", "Sluice"},
          {"version", "0.1.0"},
          {"description", "From a completed training to served traffic, over one append-only ledger of facts."},
          {"license", {{"name", "Apache-2.0"}, {"url", "https://www.apache.org/licenses/LICENSE-2.0"}}}}},
        {"defaultContentType", cloud_event},
        {"channels", channels()},
        {"operations", operations()},
        {"components", {{"messages", messages()}}},
    };
    return {{"events/asyncapi.yaml",
             "# Generated from the types: after a change there, run ./dev vocabulary write.\n" + yaml_of(document)}};
}

}  // namespace sluice::vocabulary
