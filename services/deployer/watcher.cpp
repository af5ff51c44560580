#include "services/deployer/watcher.hpp"

#include "rules/judge.hpp"

#include <algorithm>
#include <charconv>

namespace sluice::deployer {
namespace {

/// Would the judge, or the rollout's minimum, see something new?
bool matters(const MeasureCanary& question, const std::vector<RevisionEvidence>& evidence) {
    const auto now = rules::judge(question.judge, evidence);
    if (question.entities_min > 0 && now.canary_entities >= question.entities_min) return true;
    return now.verdict != rules::judge(question.judge, question.reported).verdict;
}

}  // namespace

std::uint64_t EntityCounts::count_new(Entities& known, const std::vector<std::string>& named) const {
    std::uint64_t fresh = 0;
    for (const auto& text : named) {
        std::uint64_t entity = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), entity, 16);
        const bool whole = error == std::errc{} && end == text.data() + text.size() && text.size() == 16;
        if (whole && known.size() < room_ && known.insert(entity).second) ++fresh;
    }
    return fresh;
}

void EntityCounts::add(const ArmWindow& window) {
    auto& [stable, canary] = counts_[window.revision];
    auto& arm = window.arm == Arm::canary ? canary : stable;
    const auto failed = count_new(seen_, window.first_failed);
    arm.first_requests += failed + count_new(seen_, window.first_ok);
    arm.first_request_errors += failed;
    arm.first_errors += count_new(failed_, window.first_errors);
}

std::vector<RevisionEvidence> EntityCounts::evidence(std::vector<RevisionEvidence> revisions) const {
    for (auto& each : revisions) {
        const auto found = counts_.find(each.revision);
        if (found != counts_.end()) std::tie(each.stable, each.canary) = found->second;
    }
    return revisions;
}

bool Watcher::is_measured(const core::FactId& rollout) const {
    return std::ranges::any_of(canaries_, [&](const auto& each) { return each.second.what.of.rollout == rollout; });
}

EntityCounts& Watcher::counts_of(const core::FactId& rollout) {
    const auto [at, is_new] = rollouts_.try_emplace(rollout);
    if (!is_new) return at->second;
    oldest_.push_back(rollout);
    const auto forgotten = std::ranges::find_if(oldest_, [&](const core::FactId& each) { return !is_measured(each); });
    if (oldest_.size() > rollouts_max && forgotten != oldest_.end() && *forgotten != rollout) {
        rollouts_.erase(*forgotten);
        oldest_.erase(forgotten);
    }
    return at->second;
}

void Watcher::add(const TelemetryWindow& window, core::Time at, Coverage next) {
    coverage_[next.partition] = next.next;
    for (const auto& arm : window.arms)
        if (!arm.first_ok.empty() || !arm.first_failed.empty() || !arm.first_errors.empty())
            counts_of(arm.rollout).add(arm);
    auto& node = nodes_[window.node];
    if (node.incarnation != window.incarnation) node = {window.incarnation, 0, false, {}, {}};
    node.last_heard = std::max(node.last_heard, at);
    node.stopping = node.stopping || window.stopping;
    for (const auto& route : window.applied) {
        node.applied[route.endpoint] = route.revision;
        std::erase_if(node.refused, [&](const auto& each) {
            return each.first == route.endpoint && each.second.revision <= route.revision;
        });
    }
    for (const auto& route : window.refused) node.refused[route.endpoint] = route;
}

bool Watcher::lives(const NodeView& node, core::Time now, core::Time silent_ms) const {
    return !node.stopping && now - node.last_heard <= silent_ms;
}

std::optional<Decider::Inputs> Watcher::answer(const WatchRoute& question, core::Time now) const {
    const auto& [endpoint, revision, silent_ms] = question;
    std::vector<Node> nodes;
    bool all = true;
    for (const auto& [name, node] : nodes_) {
        if (!lives(node, now, silent_ms)) continue;
        const auto refused = node.refused.find(endpoint);
        if (refused != node.refused.end() && refused->second.revision == revision)
            return RouteRefused{endpoint, revision, name, refused->second.code, refused->second.detail};
        const auto applied = node.applied.find(endpoint);
        all = all && applied != node.applied.end() && applied->second >= revision;
        nodes.push_back(name);
    }
    if (nodes.empty() || !all) return std::nullopt;
    if (nodes.size() > nodes_named_max) nodes.resize(nodes_named_max);
    return RouteApplied{endpoint, revision, std::move(nodes)};
}

std::optional<CanaryMeasured> Watcher::answer(const CanaryQuestion& question, core::Time now) const {
    const auto& what = question.what;
    const auto counts = rollouts_.find(what.of.rollout);
    if (counts == rollouts_.end()) return std::nullopt;
    auto evidence = counts->second.evidence(what.reported);
    if (evidence == what.reported) return std::nullopt;
    if (now - question.since < report_after_ms && !matters(what, evidence)) return std::nullopt;
    CanaryMeasured measured{what.of, what.number, what.revision, std::move(evidence), {}};
    for (const auto& [partition, next] : coverage_) measured.coverage.push_back({partition, next});
    return measured;
}

std::vector<Watcher::Answer> Watcher::take_answers(core::Time now) {
    std::vector<Answer> answers;
    std::erase_if(routes_, [&](const auto& each) {
        auto fact = answer(each.second, now);
        if (fact) answers.push_back({each.first, *std::move(fact)});
        return fact.has_value();
    });
    std::erase_if(canaries_, [&](const auto& each) {
        auto fact = answer(each.second, now);
        if (fact) answers.push_back({each.first, *std::move(fact)});
        return fact.has_value();
    });
    return answers;
}

std::vector<ServingNodeJoined> Watcher::joined(const std::map<Node, std::string>& known, core::Time now) const {
    std::vector<ServingNodeJoined> found;
    for (const auto& [name, node] : nodes_) {
        const auto at = known.find(name);
        const bool is_known = at != known.end() && at->second == node.incarnation;
        if (!is_known && lives(node, now, lost_after_ms)) found.push_back({name, node.incarnation});
    }
    return found;
}

std::vector<ServingNodeLost> Watcher::lost(const std::map<Node, std::string>& known, core::Time now) const {
    std::vector<ServingNodeLost> found;
    for (const auto& [name, incarnation] : known) {
        const auto node = nodes_.find(name);
        const bool same = node != nodes_.end() && node->second.incarnation == incarnation;
        if (same && lives(node->second, now, lost_after_ms)) continue;
        found.push_back({name, incarnation, same && node->second.stopping});
    }
    return found;
}

}  // namespace sluice::deployer
