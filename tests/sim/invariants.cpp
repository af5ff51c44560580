#include "tests/sim/world.hpp"

namespace sluice::tests {
namespace {

using namespace events;

/// The facts of a ledger: the first record with each id. Knows nothing of deciders: an id that it has ever seen is an
/// echo.
struct Facts {
    struct One {
        core::Head head;
        AllFacts data;
    };
    std::map<core::FactId, One> by_id;
    std::vector<core::FactId> in_order;

    template <class Fact, class Visit> void each(Visit visit) const {
        for (const auto& id : in_order) {
            const auto& one = by_id.at(id);
            if (const auto* fact = std::get_if<Fact>(&one.data)) visit(one.head, *fact);
        }
    }
};

class Check {
public:
    explicit Check(const Facts& facts) : facts_{facts} {}

    std::optional<std::string> broken;

    void that(bool holds, const std::string& what) {
        if (!holds && !broken) broken = what;
    }

    void writers_and_causes() {
        for (const auto& [id, one] : facts_.by_id) {
            const auto [writer, kind, name] = std::visit(
                [](const auto& fact) {
                    return std::tuple{fact.writer, fact.kind, std::string(fact.name)};
                },
                one.data);
            that(writer == "each" || writer == one.head.service, name + " was written by " + one.head.service);
            if (kind != Kind::decided) continue;
            const auto cause = facts_.by_id.find(one.head.cause);
            that(cause != facts_.by_id.end() && cause->second.head.position < one.head.position,
                 name + " cites no earlier fact");
        }
    }

    void versions_are_dense() {
        std::map<Model, std::map<core::Position, Version>> versions;
        facts_.each<ModelVersionRegistered>([&](const core::Head& head, const ModelVersionRegistered& fact) {
            versions[fact.model][head.basis] = fact.version;
        });
        for (const auto& [model, by_cause] : versions) {
            Version expected = 0;
            for (const auto& [position, version] : by_cause)
                that(version == ++expected, model.text + ": versions are not dense in the order of their causes");
        }
    }

    void only_the_approved_is_routed() {
        std::map<ModelVersion, std::pair<core::Position, Digest>> granted;
        facts_.each<ApprovalGranted>([&](const core::Head& head, const ApprovalGranted& fact) {
            granted.try_emplace({fact.model, fact.version}, head.position, fact.artifact);
        });
        facts_.each<RouteChanged>([&](const core::Head& head, const RouteChanged& fact) {
            for (const auto& target : {fact.route.stable, fact.route.canary}) {
                if (!target) continue;
                const auto approval = granted.find({fact.route.model, target->version});
                that(approval != granted.end() && approval->second.second == target->artifact &&
                         approval->second.first <= head.basis,
                     "a route names a version without a granted approval for exactly that artifact");
            }
        });
    }

    void approvals_are_by_others() {
        std::map<core::FactId, Person> submitter;
        facts_.each<EvaluationPassed>(
            [&](const core::Head& head, const EvaluationPassed& fact) { submitter[head.id] = fact.submitter; });
        facts_.each<ApprovalGranted>([&](const core::Head&, const ApprovalGranted& fact) {
            that(submitter.contains(fact.evaluation), "an approval rests on no evaluation");
            that(fact.automatic || (fact.reviewer && *fact.reviewer != submitter[fact.evaluation]),
                 "somebody approved their own work");
        });
    }

    /// Whoever lets a version go live does so by the rules that hold then.
    void approvals_rest_on_the_rules_that_hold() {
        std::map<core::FactId, std::uint32_t> evaluated_by;
        std::map<Model, std::map<core::Position, std::uint32_t>> published;
        facts_.each<EvaluationPassed>(
            [&](const core::Head& head, const EvaluationPassed& fact) { evaluated_by[head.id] = fact.policy_version; });
        facts_.each<PolicyPublished>([&](const core::Head& head, const PolicyPublished& fact) {
            published[fact.policy.model][head.basis] = fact.version;
        });
        facts_.each<ApprovalGranted>([&](const core::Head& head, const ApprovalGranted& fact) {
            const auto& rules = published[fact.model];
            const auto after = rules.upper_bound(head.basis);
            that(after != rules.begin() && std::prev(after)->second == evaluated_by[fact.evaluation],
                 "an approval rests on an evaluation by other rules than those that held");
        });
    }

    /// Revisions are dense, and traffic never moves to an older version but by rollback, abort or an operator.
    void routes_move_forward() {
        std::map<Endpoint, std::map<Revision, std::pair<core::FactId, Route>>> routes;
        facts_.each<RouteChanged>([&](const core::Head& head, const RouteChanged& fact) {
            that(routes[fact.route.endpoint].try_emplace(fact.route.revision, head.cause, fact.route).second,
                 "an endpoint has two routes of one revision");
        });
        std::set<core::FactId> causes_back;
        facts_.each<RolloutRolledBack>([&](const core::Head& head, const auto&) { causes_back.insert(head.cause); });
        facts_.each<RolloutAborted>([&](const core::Head& head, const auto&) { causes_back.insert(head.cause); });
        for (const auto& [endpoint, by_revision] : routes) {
            Revision expected = 0;
            Version stable = 0;
            for (const auto& [revision, change] : by_revision) {
                that(revision == ++expected, endpoint.text + ": revisions are not dense");
                const auto version = change.second.stable ? change.second.stable->version : 0;
                that(version >= stable || causes_back.contains(change.first),
                     endpoint.text + ": traffic moved backwards");
                stable = version;
            }
        }
    }

    /// Each promotion says which version it followed: the one that was champion then.
    void one_champion() {
        std::map<Endpoint, std::map<core::Position, std::vector<std::pair<Version, Version>>>> moves;
        facts_.each<RolloutPromoted>([&](const core::Head& head, const RolloutPromoted& fact) {
            moves[fact.of.endpoint][head.basis].push_back({fact.previous, fact.of.version});
        });
        facts_.each<RolloutRolledBack>([&](const core::Head& head, const RolloutRolledBack& fact) {
            if (fact.reason == RollbackReason::operator_decided)
                moves[fact.of.endpoint][head.basis].push_back({fact.of.version, fact.to});
        });
        for (const auto& [endpoint, by_basis] : moves) {
            Version champion = 0;
            for (const auto& [basis, some] : by_basis)
                for (const auto& [from, to] : some) {
                    that(from == champion, endpoint.text + ": two versions were champion at once");
                    champion = to;
                }
        }
    }

    void every_request_has_one_answer() {
        std::map<core::FactId, int> answers;
        const auto count = [&]<class... Answer>(std::type_identity<std::variant<Answer...>>) {
            (facts_.each<Answer>([&](const core::Head& head, const auto&) { ++answers[head.cause]; }), ...);
        };
        count(std::type_identity<std::variant<PolicyPublished, PolicyRefused, ReviewCounted, ReviewRefused, AliasMoved,
                                              ModelVersionArchived, RegistryRequestRefused, RolloutPaused,
                                              RolloutResumed, RolloutAborted, RolloutRequestRefused>>{});
        const auto asked = [&]<class... Request>(std::type_identity<std::variant<Request...>>) {
            (facts_.each<Request>([&](const core::Head& head, const auto&) {
                that(answers[head.id] == 1,
                     std::string(Request::name) + " has " + std::to_string(answers[head.id]) + " answers");
            }),
             ...);
        };
        asked(std::type_identity<std::variant<PolicySubmitted, ReviewSubmitted, AliasMoveRequested, ArchiveRequested,
                                              RolloutPauseRequested, RolloutResumeRequested, RolloutAbortRequested>>{});
    }

    void every_rollout_ends() {
        std::map<core::FactId, int> ends;
        const auto count = [&]<class... End>(std::type_identity<std::variant<End...>>) {
            (facts_.each<End>([&](const core::Head&, const End& fact) { ++ends[fact.of.rollout]; }), ...);
        };
        count(
            std::type_identity<std::variant<RolloutPromoted, RolloutRolledBack, RolloutAborted, RolloutSuperseded>>{});
        facts_.each<RolloutQueued>(
            [&](const core::Head& head, const auto&) { that(ends[head.id] >= 1, "a rollout never ended"); });
    }

private:
    const Facts& facts_;
};

}  // namespace

std::optional<std::string> broken_invariant(const std::vector<core::Record>& records, core::Position window,
                                            bool at_rest) {
    Facts facts;
    for (const auto& record : records) {
        auto parsed = parse(record.value);
        if (!parsed) return "position " + std::to_string(record.position) + " holds no fact";
        parsed->head.position = record.position;
        const bool too_late = record.position > parsed->head.seen && record.position - parsed->head.seen > window;
        if (too_late || facts.by_id.contains(parsed->head.id)) continue;
        const auto fact = read_as<AllFacts>(*parsed);
        if (!fact || !*fact) return "position " + std::to_string(record.position) + " does not decode";
        facts.by_id.emplace(parsed->head.id, Facts::One{parsed->head, **fact});
        facts.in_order.push_back(parsed->head.id);
    }
    Check check(facts);
    check.writers_and_causes();
    check.versions_are_dense();
    check.only_the_approved_is_routed();
    check.approvals_are_by_others();
    check.approvals_rest_on_the_rules_that_hold();
    check.routes_move_forward();
    check.one_champion();
    if (at_rest) check.every_request_has_one_answer(), check.every_rollout_ends();
    return check.broken;
}

}  // namespace sluice::tests
