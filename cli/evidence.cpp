#include "cli/evidence.hpp"

#include "cli/table.hpp"
#include "cli/text.hpp"

#include <nlohmann/json.hpp>

#include <ostream>

namespace sluice::cli {
namespace {

using Json = nlohmann::ordered_json;
using Pairs = std::vector<std::pair<std::string, std::string>>;

template <class Say> std::string listed(const Json& list, const Say& say) {
    std::vector<std::string> said;
    for (const auto& each : list) said.push_back(say(each));
    return joined(said, ", ");
}

std::string named(const Json& object, const char* name) { return object.at(name).get<std::string>(); }

// A number that is none, such as the log loss of a model that answers NaN, is null in JSON.
std::string number(const Json& value) { return value.is_number() ? fixed(value) : "none"; }
std::string signed_number(const Json& value) { return value.is_number() ? signed_fixed(value) : "none"; }

std::string parameters_of(const Json& parameters) {
    std::vector<std::string> said;
    for (const auto& [name, value] : parameters.items()) said.push_back(name + "=" + value.get<std::string>());
    return joined(said, " ");
}

std::string declared_metric(const Json& metric) {
    const auto slice = metric.value("slice", "");
    return named(metric, "name") + " " + number(metric.at("value")) + (slice.empty() ? "" : " (" + slice + ")");
}

std::string sweep_of(const Json& data) {
    if (!data.contains("sweep")) return {};
    const auto& sweep = data["sweep"];
    return named(sweep, "id") + ", best is trial " + sweep.at("best").dump() + " of " + sweep.at("trials").dump();
}

std::string digest_of(const Json& data, const char* name) {
    return data.contains(name) ? named(data[name], "digest") : "";
}

Pairs lineage(const Json& data) {
    const auto &run = data.at("run"), &artifact = data.at("artifact"), &code = data.at("code"), &set = data.at("data");
    return {
        {"run", named(run, "id")},
        {"trained", utc(run.at("started_at")) + " to " + utc(run.at("finished_at")) + " UTC"},
        {"artifact", named(artifact, "digest") + ", " + counted(artifact.at("size"), "byte")},
        {"code", named(code, "repository") + " at " + named(code, "commit") +
                     (code.at("dirty").get<bool>() ? ", with changes that were not committed" : "")},
        {"data", named(set, "name") + " " + named(set, "snapshot") + ", " + named(set, "digest")},
        {"environment", digest_of(data, "environment")},
        {"probe", digest_of(data, "probe")},
        {"reference", digest_of(data, "reference")},
        {"seeds", listed(data.at("seeds"), [](const Json& seed) { return seed.dump(); })},
        {"features", listed(data.at("features"),
                            [](const Json& view) { return named(view, "view") + " v" + view.at("version").dump(); })},
        {"inputs", listed(data.at("signature").at("inputs"), [](const Json& input) { return named(input, "name"); })},
        {"parameters", parameters_of(data.at("parameters"))},
        {"metrics", listed(data.at("metrics"), declared_metric) + ", as the trainer says"},
        {"sweep", sweep_of(data)},
        {"owner", named(data, "owner")},
        {"job", named(data, "job")}};
}

void print_completion(std::ostream& out, const Json& page) {
    if (!page.contains("completion")) return;
    const auto& completion = page["completion"];
    out << "\ncompletion, at position " << completion.at("position") << "\n";
    print_pairs(out, lineage(completion.at("data")), 2);
}

void print_gates(std::ostream& out, const Json& gates) {
    if (gates.empty()) return;
    Table table{{"GATE", "METRIC", "NUMBER", "THRESHOLD", "CHAMPION", "DIFFERENCE", "RESULT"}};
    for (const auto& gate : gates) {
        const bool compares = gate.contains("champion");
        table.add({gate.at("name"),
                   named(gate, "metric") + (gate.value("self_reported", false) ? " (the trainer's own)" : ""),
                   number(gate.at("number")), number(gate.at("threshold")), compares ? number(gate["champion"]) : "-",
                   compares ? signed_number(gate.at("difference")) : "-",
                   gate.at("passed").get<bool>() ? "passed" : "FAILED"});
    }
    table.print(out, 2);
}

void print_difference(std::ostream& out, const Json& page) {
    const auto& evaluation = page.at("evaluation");
    if (!evaluation.contains("difference")) return;
    const auto &difference = evaluation["difference"], &measured = evaluation.at("measured");
    const auto model = named(page, "model") + "/";
    const auto champion = model + difference.at("version").dump();
    out << "\ndifference to the champion, " << harmless(champion) << "\n";
    Table table{{"METRIC", champion, model + page.at("version").dump(), "DIFFERENCE"}};
    for (const auto* metric : {"auc", "log_loss", "accuracy"})
        table.add({metric, number(measured.at("champion").at("scores").at(metric)),
                   number(measured.at("scores").at(metric)), signed_number(difference.at(metric))});
    table.print(out, 2);
}

std::string dataset_of(const Json& measured) {
    return named(measured, "dataset") + ", " + counted(measured.at("rows"), "row") + ", " +
           counted(measured.at("positives"), "positive");
}
std::string scores_of(const Json& measured) {
    const auto& scores = measured.at("scores");
    return "auc " + number(scores.at("auc")) + ", log loss " + number(scores.at("log_loss")) + ", accuracy " +
           number(scores.at("accuracy"));
}
std::string probe_of(const Json& measured) {
    const auto& probe = measured.at("probe");
    return counted(probe.at("different"), "score") + " of " + probe.at("rows").dump() +
           " different from the trainer's own";
}

void print_evaluation(std::ostream& out, const Json& page) {
    const auto& evaluation = page.at("evaluation");
    const auto state = named(evaluation, "state");
    out << "\nevaluation: " << (state == "none" ? "not yet" : harmless(state));
    if (evaluation.at("policy_version") != 0)
        out << ", by version " << evaluation.at("policy_version") << " of the policy";
    out << '\n';
    Pairs pairs{{"why", evaluation.value("detail", "")}};
    if (evaluation.contains("measured")) {
        const auto& measured = evaluation["measured"];
        pairs.insert(pairs.end(), {{"dataset", dataset_of(measured)},
                                   {"scores", scores_of(measured)},
                                   {"non-finite", counted(measured.at("non_finite"), "score")},
                                   {"probe", probe_of(measured)},
                                   {"runtime", named(measured, "runtime")}});
    }
    print_pairs(out, pairs, 2);
    print_gates(out, evaluation.at("gates"));
    print_difference(out, page);
}

void print_approval(std::ostream& out, const Json& page) {
    const auto& approval = page.at("approval");
    const auto state = named(approval, "state");
    if (state == "none") return;
    out << "\napproval: " << harmless(state) << (approval.value("automatic", false) ? ", by the policy itself" : "")
        << '\n';
    const auto time_of = [&](const char* name) {
        return approval.contains(name) ? utc(approval[name]) + " UTC" : std::string{};
    };
    print_pairs(out,
                {{"role", approval.value("role", "")},
                 {"since", time_of("time")},
                 {"expires", state == "open" ? time_of("expires_at") : ""},
                 {"reviewer", approval.value("reviewer", "")},
                 {"comment", approval.value("comment", "")}},
                2);
}

}  // namespace

std::string evidence_path(const OneVersion& of) {
    return "/v1/evidence/" + path_segment(of.model) + "/" + std::to_string(of.version);
}

void print_evidence(std::ostream& out, const std::string& text) {
    const auto page = Json::parse(text);
    const auto version = named(page, "model") + "/" + page.at("version").dump();
    out << harmless(version + ": " + named(page, "text")) << "\nsubmitted by " << harmless(named(page, "submitter"))
        << '\n';
    print_completion(out, page);
    print_evaluation(out, page);
    print_approval(out, page);
    if (!page.contains("evidence")) return;
    out << "\nevidence " << harmless(named(page, "evidence")) << "\n";
    if (page.at("approval").at("state") == "open")
        out << "next: sluice review approve " << version << " --comment TEXT, or reject\n";
}

}  // namespace sluice::cli
