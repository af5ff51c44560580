#include "services/serving/residents.hpp"

#include <algorithm>

namespace sluice::serving {

void Residents::follow(const State& state) {
    following_ = true;
    for (const auto& [endpoint, route] : state.routes) {
        const auto waiting = wanted_.find(endpoint);
        const auto known = waiting != wanted_.end() ? waiting->second.route.revision : slots_[endpoint].settled;
        if (route.revision == known) continue;
        auto plan = plan_of(state, route);
        if (const auto* refusal = std::get_if<Refusal>(&plan))
            refuse(route, *refusal);
        else
            wanted_[endpoint] = std::get<Plan>(std::move(plan));
    }
    go_on();
}

std::shared_ptr<const Served> Residents::served(const Endpoint& endpoint) const {
    const auto slot = slots_.find(endpoint);
    return slot == slots_.end() ? nullptr : slot->second.now;
}

/// Loads what the first wanted route misses, one version after the other; applies it when it misses nothing.
void Residents::go_on() {
    while (!loader_.busy() && !wanted_.empty()) {
        const auto& plan = wanted_.begin()->second;
        for (const auto* target : {&plan.stable, &plan.canary})
            if (*target && !in_memory(*target)) return load(plan, **target);
        apply(plan);
    }
}

void Residents::load(const Plan& plan, const Target& target) {
    loader_.load(target, [this, route = plan.route](Loader::Loaded loaded) {
        if (auto* resident = std::get_if<std::shared_ptr<const Resident>>(&loaded)) {
            metrics_.counter("sluice_serving_loads_total", "versions brought into memory", {{"outcome", "loaded"}})
                .add();
            loaded_.push_back(std::move(*resident));
        } else {
            metrics_.counter("sluice_serving_loads_total", "versions brought into memory", {{"outcome", "refused"}})
                .add();
            const auto wanted = wanted_.find(route.endpoint);
            if (wanted != wanted_.end() && wanted->second.route.revision == route.revision)
                refuse(route, std::get<Refusal>(loaded));
        }
        go_on();
    });
}

std::shared_ptr<const Resident> Residents::in_memory(const std::optional<Target>& target) const {
    if (!target) return nullptr;
    const auto fits = [&](const std::shared_ptr<const Resident>& resident) {
        return resident && resident->target == *target;
    };
    const auto loaded = std::ranges::find_if(loaded_, fits);
    if (loaded != loaded_.end()) return *loaded;
    for (const auto& [endpoint, slot] : slots_)
        for (const auto& served : {slot.now, slot.before})
            for (const auto& resident :
                 served ? std::vector{served->stable, served->canary} : std::vector<std::shared_ptr<const Resident>>{})
                if (fits(resident)) return resident;
    return nullptr;
}

void Residents::apply(Plan plan) {
    auto& slot = slots_[plan.route.endpoint];
    const auto route = plan.route;
    auto served = std::make_shared<const Served>(Served{plan, in_memory(plan.stable), in_memory(plan.canary)});
    slot.before = std::exchange(slot.now, std::move(served));
    log_.info("route applied", {{"endpoint", route.endpoint.text}, {"revision", std::to_string(route.revision)}});
    reporter_.applied(route);
    settle(route, "applied");
}

void Residents::refuse(const Route& route, const Refusal& refusal) {
    log_.error(
        "route refused: " + refusal.detail,
        {{"endpoint", route.endpoint.text}, {"revision", std::to_string(route.revision)}, {"code", refusal.code}});
    reporter_.refused(route, refusal.code, refusal.detail);
    settle(route, "refused");
}

void Residents::settle(const Route& route, const char* outcome) {
    slots_[route.endpoint].settled = route.revision;
    wanted_.erase(route.endpoint);
    loaded_.clear();
    metrics_.counter("sluice_serving_routes_total", "routes applied or refused", {{"outcome", outcome}}).add();
    if (observer_) observer_();
}

}  // namespace sluice::serving
