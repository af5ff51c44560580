#include "services/serving/scoring.hpp"

#include "rules/assignment.hpp"
#include "services/serving/random_hex.hpp"

#include <algorithm>
#include <cmath>
#include <mutex>

namespace sluice::serving {
namespace {

std::string name_of(const ModelVersion& which) { return which.model.text + "/" + std::to_string(which.version); }

bool all_finite(const std::vector<float>& scores) {
    return std::ranges::all_of(scores, [](float score) { return std::isfinite(score); });
}

}  // namespace

/// The way back from the versions' threads: cut when scoring ends, whatever they still do.
struct Scoring::Line {
    std::mutex lock;
    Scoring* scoring;

    explicit Line(Scoring& of) : scoring{&of} {}

    static void bring(const std::shared_ptr<Line>& line, std::uint64_t number, Resident::Scores scores) {
        const std::scoped_lock hold{line->lock};
        if (!line->scoring) return;
        auto kept = std::make_shared<Resident::Scores>(std::move(scores));
        line->scoring->executor_.post([line, number, kept] {
            if (line->scoring) line->scoring->scored(number, std::move(*kept));  // cut on this thread
        });
    }
    void cut() {
        const std::scoped_lock hold{lock};
        scoring = nullptr;
    }
};

Scoring::Scoring(runtime::Executor& executor, const State& state, const Residents& residents,
                 const FeatureSource& features, Reporter& reporter, Meters& meters)
    : executor_{executor},
      state_{state},
      residents_{residents},
      features_{features},
      reporter_{reporter},
      meters_{meters},
      own_keys_{random_hex(16) + "-"},
      line_{std::make_shared<Line>(*this)} {}

Scoring::~Scoring() {
    line_->cut();
    for (const auto& [number, pending] : pending_) executor_.cancel(pending.timer);
}

void Scoring::score(Asked asked, std::function<void(Answer)> done) {
    auto served = residents_.served(asked.endpoint);
    if (!served || (!served->stable && !served->canary)) {
        const auto trouble = nobody_there(asked.endpoint, bool(served));
        meters_.answered(knows(state_, asked.endpoint) ? asked.endpoint : Endpoint{}, "", "", trouble.status, 0);
        return done({std::nullopt, trouble});
    }
    auto pending = assign(std::move(served), asked);
    pending.done = std::move(done);
    if (asked.entity && pending.rules.entity_key)
        if (const auto mistake = name_entity(asked.rows, pending.rules.entity_key->text, *asked.entity))
            return finish(pending,
                          Trouble{400, mistake->code, "The request names two entities", mistake->detail, false});
    auto values = values_for(pending, asked);
    if (auto* trouble = std::get_if<Trouble>(&values)) return finish(pending, std::move(*trouble));
    hand_over(std::move(pending), std::get<0>(std::move(values)), asked.rows.rows());
}

Trouble Scoring::nobody_there(const Endpoint& endpoint, bool route_applied) const {
    if (!residents_.following())
        return {503, "starting", "The node is starting",
                "It has not read yet what it is to serve; ask again in a moment, or another node.", true};
    if (!knows(state_, endpoint))
        return {404, "unknown_endpoint", "No such endpoint",
                "Nothing is served as " + endpoint.text + "; ask the operator which endpoints there are.", false};
    return {503, "no_route", "Nothing is served here yet",
            route_applied ? "The endpoint's route names no version; ask again when one was promoted."
                          : "No route of the endpoint was applied on this node yet; ask again in a moment.",
            true};
}

Scoring::Pending Scoring::assign(std::shared_ptr<const Served> served, const Asked& asked) {
    Pending pending;
    pending.endpoint = asked.endpoint;
    pending.started = Clock::now();
    const auto& route = served->plan.route;
    if (const auto rules = state_.rules.find(route.model); rules != state_.rules.end()) pending.rules = rules->second;

    auto key = asked.entity;
    if (!key && pending.rules.entity_key)
        key = key_of(asked.rows.at(0, asked.rows.find(pending.rules.entity_key->text)));
    const bool own = !key || route.assignment == AssignmentUnit::request;
    if (own) key = own_keys_ + std::to_string(next_number_);
    pending.entity = rules::assignment_hash(route.salt, *key);

    const bool canary = served->canary && (!served->stable || rules::to_canary(pending.entity, route.canary_weight_bp));
    pending.served = std::move(served);
    pending.assigned.arm = canary ? Arm::canary : Arm::stable;
    pending.assigned.version = pending.target().which;
    pending.assigned.revision = pending.served->plan.route.revision;
    pending.assigned.own_entity = own;
    ++next_number_;
    return pending;
}

/// The tensor of the request; on the way, every feature is counted.
Scoring::Outcome Scoring::values_for(const Pending& pending, const Asked& asked) {
    const auto& target = pending.target();
    const auto completed = features_.complete(target.shape, pending.rules.features, asked.rows, executor_.now());
    if (const auto* mistake = std::get_if<Mistake>(&completed)) return unmet(pending, *mistake);

    const auto& features = std::get<Features>(completed);
    const auto& columns = target.shape.columns;
    std::vector<float> values;
    values.reserve(features.size());
    std::vector<std::uint64_t> present(columns.size());
    for (std::size_t i = 0; i < features.size(); ++i) {
        values.push_back(static_cast<float>(features[i].value));
        present[i % columns.size()] += features[i].present() ? 1 : 0;
        meters_.completed(target.which.model, columns[i % columns.size()], features[i]);
    }
    for (std::size_t i = 0; i < columns.size(); ++i)
        reporter_.count_feature(target.which.model, columns[i], present[i], asked.rows.rows() - present[i]);
    return values;
}

/// A column that only the canary reads is not the client's mistake: the stable version would have answered.
Trouble Scoring::unmet(const Pending& pending, const Mistake& mistake) {
    const auto& plan = pending.served->plan;
    const auto& target = pending.target();
    const Column column{mistake.column};
    if (mistake.code == "missing_column") reporter_.count_feature(target.which.model, column, 0, 1);
    const bool read_before = !plan.compares() || pending.assigned.arm == Arm::stable || mistake.column.empty() ||
                             std::ranges::find(plan.stable->shape.columns, column) != plan.stable->shape.columns.end();
    if (read_before) return {400, mistake.code, "The request's rows cannot be scored", mistake.detail, false};
    return {500, "signature_not_met", "The version wants what requests do not give",
            name_of(target.which) + " reads a column that the version before it did not. " + mistake.detail, false};
}

void Scoring::hand_over(Pending pending, std::vector<float> values, std::size_t rows) {
    const auto number = next_number_++;
    const std::chrono::milliseconds timeout{pending.rules.timeout_ms > 0 ? pending.rules.timeout_ms : 1000};
    const bool taken = pending.resident().score(
        std::move(values), rows, pending.started + timeout,
        [line = line_, number](Resident::Scores scores) { Line::bring(line, number, std::move(scores)); });
    if (!taken)
        return finish(pending, Trouble{503, "too_many_waiting", "Too many requests wait for this version",
                                       "More wait than it can score in time; send less, or ask another node.", true});
    pending.timer = executor_.after(timeout, [this, number] { timed_out(number); });
    pending_.emplace(number, std::move(pending));
}

std::optional<Scoring::Pending> Scoring::take(std::uint64_t number) {
    auto node = pending_.extract(number);
    if (node.empty()) return std::nullopt;
    return std::move(node.mapped());
}

void Scoring::scored(std::uint64_t number, Resident::Scores scores) {
    const auto pending = take(number);
    if (!pending) return;  // timed out before
    executor_.cancel(pending->timer);
    const auto name = name_of(pending->assigned.version);
    if (!scores)
        return finish(*pending, Trouble{500, "score_failed", "The version failed while scoring",
                                        name + ": " + scores.failure().text(), false});
    if (!all_finite(*scores))
        return finish(*pending,
                      Trouble{500, "score_not_finite", "The version's score is no number",
                              name + " gave a score that is not finite; its owner has to look at the model.", false});
    finish(*pending, *std::move(scores));
}

void Scoring::timed_out(std::uint64_t number) {
    if (const auto pending = take(number))
        finish(*pending, Trouble{504, "score_timed_out", "The version took too long",
                                 name_of(pending->assigned.version) + " gave no score within " +
                                     std::to_string(pending->rules.timeout_ms) +
                                     " ms, which the policy sets as serving.timeout_ms.",
                                 false});
}

void Scoring::finish(const Pending& pending, Outcome outcome) {
    const std::chrono::duration<double> took = Clock::now() - pending.started;
    const auto* trouble = std::get_if<Trouble>(&outcome);
    const int status = trouble ? trouble->status : 200;
    const auto& assigned = pending.assigned;
    if (status < 400 || status >= 500)
        reporter_.count(pending.served->plan.route, assigned.arm, pending.entity, status != 200, took.count() * 1000);
    meters_.answered(pending.endpoint, std::to_string(assigned.version.version), core::name_of(assigned.arm), status,
                     took.count());
    pending.done({assigned, std::move(outcome)});
}

}  // namespace sluice::serving
