#include "cli/endpoint.hpp"

#include "cli/table.hpp"
#include "cli/text.hpp"

#include <nlohmann/json.hpp>

#include <ostream>

namespace sluice::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string version_of(const Json& rollout) {
    return rollout.at("model").get<std::string>() + "/" + rollout.at("version").dump();
}

std::string step_of(const Json& rollout) {
    const auto& steps = rollout.at("steps");
    const auto step = rollout.value("step", std::size_t{0});
    if (step == 0) return {};
    const auto text = "step " + std::to_string(step) + " of " + std::to_string(steps.size());
    if (step > steps.size()) return text;
    return text + ", " + brief(steps[step - 1].at("weight_percent")) + " %";
}

std::string entities_of(const Json& rollout) {
    if (!rollout.contains("entities")) return {};
    return rollout["entities"].dump() + " of " + rollout.at("entities_min").dump() + " entities";
}

std::string verdict_of(const Json& rollout) {
    if (!rollout.contains("judgement")) return {};
    return "the judge says " + rollout["judgement"].at("verdict").get<std::string>();
}

std::string line_of(const Json& rollout) {
    std::vector<std::string> said{version_of(rollout) + " " + rollout.at("state").get<std::string>()};
    const auto say = [&](std::string text) {
        if (!text.empty()) said.push_back(std::move(text));
    };
    if (rollout.at("state") == "running") {
        say(step_of(rollout));
        say(entities_of(rollout));
        say(verdict_of(rollout));
        say(rollout.value("waits", ""));
    } else {
        say(rollout.value("note", ""));
    }
    return harmless(joined(said, "; "));
}

std::string target(const Json& page, const char* which, const std::string& share) {
    if (!page.contains(which)) return {};
    return page.value("model", "") + "/" + page[which].at("version").dump() + share;
}

std::string names(const Json& list) {
    std::vector<std::string> all;
    for (const auto& each : list) all.push_back(each);
    return joined(all, ", ");
}

std::string applied_by(const Json& page) {
    const auto& applied = page.at("applied");
    if (applied.at("revision") == 0) return {};
    return "revision " + applied.at("revision").dump() + " by " + names(applied.at("nodes"));
}

void print_counts(std::ostream& out, const Json& rollout) {
    if (rollout.at("evidence").empty()) return;
    Table table{{"REVISION", "CANARY", "ARM", "ENTITIES FIRST HERE", "OF THESE FAILED", "FIRST ERROR HERE"}};
    for (const auto& each : rollout["evidence"])
        for (const auto* arm : {"stable", "canary"}) {
            const auto& counts = each.at(arm);
            table.add({each.at("revision").dump(), brief(100 * each.at("canary_weight").get<double>()) + " %", arm,
                       counts.at("first_requests").dump(), counts.at("first_request_errors").dump(),
                       counts.at("first_errors").dump()});
        }
    out << '\n';
    table.print(out, 2);
}

std::string judged(const Json& rollout) {
    if (!rollout.contains("judgement")) return {};
    const auto& judgement = rollout["judgement"];
    return judgement.at("verdict").get<std::string>() + ", look " + judgement.at("number").dump() + ", " +
           judgement.at("canary_entities").dump() + " canary entities; log e " +
           fixed(judgement.at("log_e_rollback"), 2) + " to roll back, " + fixed(judgement.at("log_e_promote"), 2) +
           " to promote";
}

void print_rollout(std::ostream& out, const Json& rollout) {
    out << "\nrollout of " << harmless(version_of(rollout)) << "\n";
    const auto state = rollout.at("state").get<std::string>();
    print_pairs(out,
                {{"id", rollout.at("id")},
                 {"state", rollout.value("paused", false) ? state + ", paused" : state},
                 {"strategy", rollout.value("strategy", "")},
                 {"step", step_of(rollout)},
                 {"bakes until", rollout.contains("bakes_until") ? utc(rollout["bakes_until"]) + " UTC" : ""},
                 {"evidence", entities_of(rollout)},
                 {"judge", judged(rollout)},
                 {"note", rollout.value("note", "")},
                 {"waits", rollout.value("waits", "")}},
                2);
    print_counts(out, rollout);
}

void print_queue(std::ostream& out, const Json& queue) {
    if (queue.empty()) return;
    out << "\nqueue\n";
    Table table{{"VERSION", "WAITS", "ROLLOUT"}};
    for (const auto& each : queue) table.add({version_of(each), each.at("waits"), each.at("id")});
    table.print(out, 2);
}

}  // namespace

void print_endpoint(std::ostream& out, const std::string& text) {
    const auto page = Json::parse(text);
    const auto canary = page.at("canary_percent").get<double>();
    print_pairs(out, {{"endpoint", page.at("endpoint")},
                      {"revision", page.at("revision").dump() +
                                       (page.contains("changed_at") ? ", " + utc(page["changed_at"]) + " UTC" : "")},
                      {"stable", target(page, "stable", ", " + brief(100 - canary) + " %")},
                      {"canary", target(page, "canary", ", " + brief(canary) + " %")},
                      {"applied", applied_by(page)},
                      {"nodes", names(page.at("live_nodes"))}});
    if (page.contains("rollout"))
        print_rollout(out, page["rollout"]);
    else
        out << "\nno rollout is under way\n";
    print_queue(out, page.at("queue"));
}

RolloutLine rollout_line(const std::string& text) {
    const auto page = Json::parse(text);
    if (!page.contains("rollout")) return {};
    const auto& rollout = page["rollout"];
    return {rollout.at("id"), rollout.at("model"), rollout.at("state"), rollout.at("version"), line_of(rollout)};
}

bool somebody_waits(const std::string& text) { return !Json::parse(text).at("queue").empty(); }

}  // namespace sluice::cli
