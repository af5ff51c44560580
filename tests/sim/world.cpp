#include "tests/sim/world.hpp"

namespace sluice::tests {

using namespace events;

namespace {
const std::vector<Model> models{{"fraud"}, {"churn"}};
const std::vector<std::string> people{"ann", "bob", "cyd"};
}  // namespace

World::World(std::uint64_t seed) : random_{seed} {}

template <class Visit> void World::each_pair(Visit visit) {
    visit(listeners_), visit(registries_), visit(consoles_), visit(evaluators_), visit(approvers_), visit(deployers_);
}

memory::Fate World::fate() {
    using enum memory::Fate;
    if (healthy_ || !random_.one_in(5)) return lands;
    return std::array{lands_twice, lands_but_reported_failed, lands_later, fails}[random_.below(4)];
}

template <class Decider> void World::restart(Pair<Decider>& pair, Instance<Decider>& each) {
    if (each.loop) {
        check_live(pair, each);
        if (random_.one_in(2)) each.snapshot = core::encode(each.loop->folded());
    }
    const auto skew = healthy_ ? 0 : static_cast<core::Time>(random_.below(400)) - 200;
    each.start(
        log_, pair.decoded, [this] { return fate(); }, outside(), skew, 1 + random_.below(24));
}

template <class Decider> void World::disturb(Pair<Decider>& pair) {
    auto& each = pair[random_.below(2)];
    switch (random_.below(40)) {
        case 0: return restart(pair, each);
        case 1: each.frozen = !each.frozen; return;
        case 2: each.holds_lease = !each.holds_lease; return;
        default: each.step();
    }
}

template <class Decider> void World::heal(Pair<Decider>& pair) {
    for (auto& each : pair) {
        each.frozen = false;
        each.holds_lease = &each == pair.instances.data();
        if (random_.one_in(2)) restart(pair, each);
    }
}

template <class Decider> void World::step(Pair<Decider>& pair) {
    for (auto& each : pair) each.step();
}

template <class Decider> void World::check_live(Pair<Decider>& pair, const Instance<Decider>& each) {
    const auto& loop = *each.loop;
    if (loop.stopped()) return broken(std::string(Decider::name) + " stopped: " + loop.stopped()->text());
    if (loop.folded() != refold_ledger<Decider>(log_.records(), loop.folded().next, pair.decoded))
        broken(std::string(Decider::name) + ": live state differs from refolded state");
}

/// What still goes on, or would for ever.
template <class Decider> std::optional<std::string> World::unrest_of(const Pair<Decider>& pair) const {
    const auto name = std::string(Decider::name);
    for (const auto& each : pair.instances) {
        if (each.loop->stopped()) return name + " stopped: " + each.loop->stopped()->text();
        if (!each.state().agenda.empty())
            return name + " owes " + std::to_string(each.state().agenda.size()) + " for ever";
        if (each.loop->folded().next != log_.records().size()) return name + " never caught up";
    }
    return std::nullopt;
}

std::optional<std::string> World::run() {
    each_pair([&](auto& pair) {
        for (auto& each : pair) restart(pair, each);
    });
    for (auto& node : nodes_) node.start(log_, outside(), 1 + random_.below(24));
    publish_policy();
    for (int turn = 0; turn < 1000 && !broken_; ++turn) faulty_turn();
    healthy_ = true;
    while (!log_.delayed().empty()) thaw_one();
    each_pair([&](auto& pair) { heal(pair); });
    for (auto& node : nodes_) node.instance().frozen = false;
    for (int turn = 0; turn < 1500 && unrest(); ++turn) healthy_turn(turn < 100);
    if (const auto what = unrest()) broken(*what);
    each_pair([&](auto& pair) {
        for (auto& each : pair) check_live(pair, each);
    });
    if (!broken_) broken_ = broken_invariant(log_.records(), sim_window, true);
    return broken_;
}

std::string World::trace_hash() const {
    core::Sha256 hash;
    for (const auto& record : log_.records()) hash.update(core::encode(record));
    return core::hex(hash.finish());
}

void World::faulty_turn() {
    now_ += static_cast<core::Time>(random_.below(12));
    log_.set_time(now_);
    switch (random_.below(12)) {
        case 0: jobs_and_people(); break;
        case 1: speak(listeners_, trainings_), speak(registries_, moves_), speak(consoles_, voices_); break;
        case 2:
            if (!log_.delayed().empty() && random_.one_in(3)) thaw_one();
            break;
        case 3: disturb(listeners_), disturb(consoles_); break;
        case 4: disturb(registries_); break;
        case 5: watch_nodes(); break;
        case 6: disturb(evaluators_); break;
        case 7: disturb(approvers_); break;
        default: disturb(deployers_);
    }
    note_what_landed();
}

std::optional<std::string> World::unrest() {
    if (broken_) return std::nullopt;
    if (!trainings_.empty() || !moves_.empty() || !voices_.empty()) return "something that was said never landed";
    std::optional<std::string> found;
    each_pair([&](auto& pair) {
        if (!found) found = unrest_of(pair);
    });
    if (found) return found;
    for (const auto& [name, endpoint] : deployers_[0].state().endpoints)
        if (endpoint.active || !endpoint.queue.empty()) return "a rollout of " + name.text + " never ended";
    return std::nullopt;
}

void World::healthy_turn(bool people_act) {
    now_ += 40;
    log_.set_time(now_);
    speak(listeners_, trainings_), speak(registries_, moves_), speak(consoles_, voices_);
    each_pair([&](auto& pair) { step(pair); });
    watch_nodes();
    if (people_act && random_.one_in(8)) review();
    note_what_landed();
    for (const auto& [name, endpoint] : deployers_[0].state().endpoints)
        if (endpoint.active && endpoint.active->paused && random_.one_in(10))
            wish(voices_, "olga", RolloutResumeRequested{name, endpoint.active->of.rollout, "go on", {}});
}

void World::thaw_one() { log_.thaw(random_.below(log_.delayed().size())); }

void World::watch_nodes() {
    for (auto& node : nodes_) {
        if (!healthy_ && random_.one_in(30)) node.instance().frozen = !node.instance().frozen;
        if (!healthy_ && random_.one_in(60)) node.start(log_, outside(), 1 + random_.below(24));
        node.turn(random_, now_, telemetry_);
    }
}

void World::jobs_and_people() {
    switch (random_.below(16)) {
        case 0: return publish_policy();
        case 1: return move_alias();
        case 2:
        case 3: return steer();
        case 4:
        case 5:
        case 6:
        case 7: return train();
        default: return review();
    }
}

template <class Decider, class Fact> void World::wish(Wishes<Decider>& wishes, const std::string& actor, Fact fact) {
    const auto id = core::external_id(actor, "sim", std::to_string(++wished_));
    wishes[id] = {{id, {}, id, actor, {}, std::move(fact)}, now_};
}

template <class Decider> void World::speak(Pair<Decider>& pair, Wishes<Decider>& wishes) {
    std::erase_if(wishes, [&](const auto& each) { return landed_.contains(each.first); });
    for (const auto& [id, wish] : wishes) {
        auto& each = pair[random_.below(2)];
        if (!each.frozen) each.loop->say(wish.saying, each.executor->now(), {});
    }
}

void World::note_what_landed() {
    for (; noted_ < log_.records().size(); ++noted_) {
        const auto front = peek(log_.records()[noted_].value);
        if (front && noted_ - std::min<core::Position>(noted_, front->seen) <= sim_window) landed_.insert(front->id);
    }
}

void World::train() {
    Known known;
    auto done = random_value<TrainingCompleted>(random_, known);
    done.model = random_.of(models);
    done.run.id = {"run-" + std::to_string(random_.one_in(8) ? trained_ : ++trained_)};
    done.artifact.digest = artifact_of(trained_, static_cast<Quality>(random_.below(qualities)));
    done.signature.inputs = {{{"amount"}, "double"}};
    wish(trainings_, random_.of(people), std::move(done));
}

void World::publish_policy() {
    const auto& model = random_.of(models);
    const auto at = approvers_[0].state().policies.find(model);
    Policy policy;
    policy.model = model;
    policy.evaluation = {{artifact_of(0, Quality::good), {"label"}}, 0.5, {}};
    policy.evaluation.gates.push_back({"good enough", "auc", 0.8, {}, {}, {}, {}});
    policy.approval = {random_.one_in(2) ? ApprovalMode::automatic : ApprovalMode::manual, {}, {}};
    if (policy.approval.mode == ApprovalMode::manual) policy.approval = {ApprovalMode::manual, "reviewer", 3};
    policy.endpoint = {model.text};
    policy.rollout.strategy = random_.one_in(5) ? Strategy::all_at_once : Strategy::canary;
    if (policy.rollout.strategy == Strategy::canary) {
        policy.rollout.steps = {{20, 0, 5}, {50, 0, 20}};
        policy.rollout.judge = JudgeSettings{0.05, 0.05, 2.0, 0.05};
    }
    if (random_.one_in(10)) policy.evaluation.gates.clear();
    wish(voices_, "olga", PolicySubmitted{policy, at == approvers_[0].state().policies.end() ? 0 : at->second.version});
}

void World::review() {
    const auto& open = approvers_[0].state().open;
    if (open.empty()) return;
    auto at = open.begin();
    std::advance(at, static_cast<std::ptrdiff_t>(random_.below(open.size())));
    const auto& [which, asked] = *at;
    const auto evidence = random_.one_in(10) ? Digest{"sha256:" + std::string(64, '9')} : asked.evidence;
    wish(voices_, random_.of(people),
         ReviewSubmitted{which.model, which.version,
                         random_.one_in(6) ? ReviewDecision::reject : ReviewDecision::approve,
                         random_.one_in(10) ? " " : "looks right", evidence,
                         random_.one_in(10) ? std::vector<std::string>{} : std::vector<std::string>{"reviewer"}});
}

void World::steer() {
    const Endpoint endpoint{random_.of(models).text};
    const auto at = deployers_[0].state().endpoints.find(endpoint);
    const bool running = at != deployers_[0].state().endpoints.end() && at->second.active;
    const auto rollout = running ? at->second.active->of.rollout : core::FactId{1, 2};
    const std::optional<Revision> expected = random_.one_in(4) ? std::optional<Revision>{3} : std::nullopt;
    switch (random_.below(6)) {
        case 0: return wish(voices_, "olga", RolloutPauseRequested{endpoint, rollout, "look", expected});
        case 1: return wish(voices_, "olga", RolloutResumeRequested{endpoint, rollout, "go on", expected});
        case 2: return wish(voices_, "olga", RolloutAbortRequested{endpoint, rollout, "no", expected});
        case 3:
            return wish(voices_, "olga",
                        RolloutAdvanceRequested{endpoint, rollout, random_.one_in(2), "yes", expected});
        default: return wish(voices_, "olga", RollbackRequested{endpoint, "it was better before", expected});
    }
}

void World::move_alias() {
    const auto version = static_cast<Version>(random_.below(4));
    if (random_.one_in(3)) return wish(moves_, "olga", ArchiveRequested{random_.of(models), version, "old"});
    wish(moves_, "olga",
         AliasMoveRequested{random_.of(models), {random_.one_in(4) ? "champion" : "blue"}, version, {}});
}

}  // namespace sluice::tests
