#pragma once
#include "services/approver/decider.hpp"
#include "services/console/decider.hpp"
#include "services/deployer/decider.hpp"
#include "services/evaluator/decider.hpp"
#include "services/listener/decider.hpp"
#include "services/monitor/decider.hpp"
#include "services/registry/decider.hpp"
#include "services/serving/decider.hpp"

// What is generic over all services. The mirror has no decider: it copies every record, whatever it is.
namespace sluice::vocabulary {

/// In the order in which a version meets them.
using Deciders = std::tuple<listener::Decider, registry::Decider, evaluator::Decider, approver::Decider,
                            deployer::Decider, serving::Decider, monitor::Decider, console::Decider>;

/// Calls `visit(std::type_identity<Decider>{})` for each.
template <class Visit> constexpr void for_each_decider(Visit visit) {
    [&]<class... Each>(std::type_identity<std::tuple<Each...>>) {
        (visit(std::type_identity<Each>{}), ...);
    }(std::type_identity<Deciders>{});
}

/// Is this one of the facts of the variant?
template <class Facts, class Fact> constexpr bool names() {
    bool found = false;
    events::for_each_fact<Facts>([&]<class Each>(std::type_identity<Each>) { found |= std::is_same_v<Each, Fact>; });
    return found;
}

/// The effect of this decider whose outcome the fact is; empty where it is none.
template <class Decider, class Fact> constexpr std::string_view effect_behind() {
    std::string_view found;
    events::for_each_fact<typename Decider::Effects>([&]<class Effect>(std::type_identity<Effect>) {
        if (names<typename Effect::Outcomes, Fact>()) found = Effect::name;
    });
    return found;
}

}  // namespace sluice::vocabulary
