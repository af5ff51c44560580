#include "rules/gates.hpp"

#include "rules/policy.hpp"

#include <algorithm>
#include <optional>

namespace sluice::rules {
namespace {

using namespace events;

double measured_metric(const Scores& scores, std::string_view metric) {
    if (metric == "auc") return scores.auc;
    return metric == "log_loss" ? scores.log_loss : scores.accuracy;
}

/// The trainer's own number over all data; a slice's does not stand for it.
std::optional<double> declared_metric(const std::vector<Metric>& declared, std::string_view metric) {
    const auto found = std::ranges::find_if(declared, [&](const Metric& m) { return m.name == metric && !m.slice; });
    return found == declared.end() ? std::nullopt : std::optional{found->value};
}

GateResult probe_gate(const ProbeParity& probe) {
    GateResult gate{"probe parity", "probe_different_share", 1, probe_different_share_max, {}, false, false};
    if (probe.rows > 0) gate.number = static_cast<double>(probe.different) / static_cast<double>(probe.rows);
    gate.passed = gate.number <= gate.threshold;
    return gate;
}

GateResult finite_gate(const EvaluationMeasured& measured) {
    const auto number = static_cast<double>(measured.non_finite);
    return {"finite scores", "non_finite_rows", number, 0, {}, false, measured.non_finite == 0};
}

/// The threshold is where the champion's number, made worse by what the policy allows, lies.
GateResult champion_gate(const EvaluationMeasured& measured, const GateRule& rule) {
    GateResult gate{rule.name, rule.metric, measured_metric(measured.scores, rule.metric), 0, {}, false, true};
    if (!measured.champion) {
        gate.threshold = gate.number;
        return gate;
    }
    const bool up = more_is_better(rule.metric);
    const auto champion = measured_metric(measured.champion->scores, rule.metric);
    const auto drop = rule.max_drop.value_or(0);
    gate.champion = champion;
    gate.threshold = up ? champion - drop : champion + drop;
    gate.passed = up ? gate.number >= gate.threshold : gate.number <= gate.threshold;
    return gate;
}

GateResult absolute_gate(const EvaluationMeasured& measured, const std::vector<Metric>& declared,
                         const GateRule& rule) {
    const bool self_reported = rule.self_reported.value_or(false);
    const auto number =
        self_reported ? declared_metric(declared, rule.metric) : measured_metric(measured.scores, rule.metric);
    GateResult gate{
        rule.name,     rule.metric, number.value_or(0), rule.at_least.value_or(rule.at_most.value_or(0)), {},
        self_reported, false};
    if (number) gate.passed = rule.at_least ? *number >= *rule.at_least : *number <= rule.at_most.value_or(0);
    return gate;
}

}  // namespace

std::vector<GateResult> gates_of(const EvaluationMeasured& measured, const std::vector<Metric>& declared,
                                 const EvaluationRule& rule) {
    std::vector<GateResult> gates{probe_gate(measured.probe), finite_gate(measured)};
    for (const auto& gate : rule.gates)
        gates.push_back(gate.against.value_or(Against::nothing) == Against::champion
                            ? champion_gate(measured, gate)
                            : absolute_gate(measured, declared, gate));
    return gates;
}

bool all_passed(const std::vector<GateResult>& gates) {
    return std::ranges::all_of(gates, [](const GateResult& gate) { return gate.passed; });
}

}  // namespace sluice::rules
