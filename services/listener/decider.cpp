#include "services/listener/decider.hpp"

namespace sluice::listener {

void evolve(State& state, const core::Recorded<Inputs>& record) {
    state.sent.try_emplace(record.head.id, Sent{record.head.position, content_of(record.data)});
}

core::Hash content_of(const Inputs& inputs) {
    return std::visit(
        []<class Fact>(const Fact& fact) {
            auto text = std::string(Fact::name);
            text.push_back('\0');
            core::put(text, fact);
            return core::sha256(text);
        },
        inputs);
}

}  // namespace sluice::listener
