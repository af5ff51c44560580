#include "services/listener/decider.hpp"

#include "common/core/content.hpp"

namespace sluice::listener {

void evolve(State& state, const core::Recorded<Inputs>& record) {
    state.sent.try_emplace(record.head.id, Sent{record.head.position, content_of(record.data)});
}

core::Hash content_of(const Inputs& fact) { return core::content_of(fact); }

}  // namespace sluice::listener
