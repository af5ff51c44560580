#pragma once
#include "common/memory/ledger.hpp"
#include "common/runtime/loop.hpp"
#include "events/codec.hpp"
#include "tests/sim/effects.hpp"

#include <array>
#include <memory>
#include <optional>

namespace sluice::tests {

/// Small, so that a run crosses it several times.
inline constexpr core::Position sim_window = 192;

/// Decodes each record once for all instances of a service: the records of a log never change.
template <class Decider> class Decoded {
public:
    using Read = core::Result<std::optional<core::Incoming<Decider>>>;

    const Read& read(const core::Record& record) {
        while (by_position_.size() <= record.position) by_position_.emplace_back();
        auto& found = by_position_[record.position];
        if (!found) found.emplace(events::read<Decider>(record));
        return *found;
    }
    core::Codec<Decider> codec() {
        auto codec = events::codec<Decider>();
        codec.read = [this](const core::Record& record) { return read(record); };
        return codec;
    }

private:
    std::deque<std::optional<Read>> by_position_;
};

/// One process of one service: it may crash, freeze, lose its lease, and its clock may be wrong.
template <class Decider> struct Instance {
    std::unique_ptr<memory::Ledger> ledger;
    std::unique_ptr<VirtualExecutor> executor;
    std::unique_ptr<SimEffects<Decider>> effects;
    std::unique_ptr<runtime::Loop<Decider>> loop;
    std::string snapshot = core::encode(core::Folded<Decider>{"sim", sim_window});
    bool frozen = false, holds_lease = true;

    void start(memory::Log& log, Decoded<Decider>& decoded, std::function<memory::Fate()> fate, const Outside& outside,
               core::Time skew, std::size_t batch) {
        loop.reset(), effects.reset(), ledger.reset();
        executor = std::make_unique<VirtualExecutor>(outside.now, skew);
        ledger = std::make_unique<memory::Ledger>(log, memory::Ledger::Options{std::move(fate), {}, {}});
        effects = std::make_unique<SimEffects<Decider>>(*executor, outside);
        typename runtime::Loop<Decider>::Limits limits;
        limits.batch_max = batch;
        loop = std::make_unique<runtime::Loop<Decider>>(*ledger, *effects, decoded.codec(),
                                                        core::decode<core::Folded<Decider>>(snapshot), limits);
    }
    void step() {
        if (frozen) return;
        executor->turn();
        loop->step(executor->now(), holds_lease);
    }
    const typename Decider::State& state() const { return loop->folded().state; }
};

/// Two instances of one service.
template <class Decider> struct Pair {
    Decoded<Decider> decoded;
    std::array<Instance<Decider>, 2> instances;
    auto begin() { return instances.begin(); }
    auto end() { return instances.end(); }
    Instance<Decider>& operator[](std::size_t i) { return instances[i]; }
};

template <class Decider> core::Folded<Decider> refold_ledger(const std::vector<core::Record>& records,
                                                             core::Position upto, Decoded<Decider>& decoded) {
    core::Folded<Decider> folded{"sim", sim_window};
    for (const auto& record : records) {
        if (record.position >= upto) break;
        const auto& in = decoded.read(record);
        if (in && *in)
            core::fold(folded, **in);
        else
            core::pass_over(folded, record.position);
    }
    return folded;
}

}  // namespace sluice::tests
