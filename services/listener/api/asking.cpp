#include "services/listener/api/asking.hpp"

namespace sluice::listener {

Asking::~Asking() {
    for (const auto& [id, waiters] : said_)
        for (const auto& [number, waiter] : waiters) executor_.cancel(waiter.timer);
}

bool Asking::ask(runtime::Saying<Decider> saying, std::chrono::milliseconds patience, Done done) {
    if (waiting_ >= waiting_max) return false;
    const auto id = saying.id;
    const bool joins = said_.contains(id);
    if (!joins && !desk_.say(std::move(saying), [this](const auto& incoming) { settle(incoming); })) return false;
    const auto number = next_++;
    const auto timer = executor_.after(patience, [this, id, number] { give_up(id, number); });
    auto& waiters = said_[id];
    waiters.emplace(number, Waiter{std::move(done), timer, !waiters.empty()});
    ++waiting_;
    return true;
}

void Asking::settle(const runtime::Loop<Decider>::Incoming& incoming) {
    auto settled = said_.extract(incoming.head.id);
    if (settled.empty()) return;
    const Sent sent{incoming.head.position, incoming.input ? content_of(*incoming.input) : core::Hash{}};
    waiting_ -= settled.mapped().size();
    for (auto& [number, waiter] : settled.mapped()) {
        executor_.cancel(waiter.timer);
        waiter.done(Answer{sent, waiter.joined});
    }
}

void Asking::give_up(const core::FactId& id, std::uint64_t number) {
    const auto waiters = said_.find(id);
    if (waiters == said_.end()) return;
    auto late = waiters->second.extract(number);
    if (late.empty()) return;
    --waiting_;
    late.mapped().done(std::nullopt);
}

}  // namespace sluice::listener
