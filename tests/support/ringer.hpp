#pragma once
#include "common/core/codec.hpp"

#include <algorithm>

// A town with one service, small enough to know by heart: somebody asks for the bell, the service counts and grants,
// and wants to hear when it has rung. For tests of what is generic over deciders.
namespace sluice::tests {

struct BellAsked {
    static constexpr std::string_view name = "BellAsked";
    std::string why;
    SLUICE_FIELDS(BellAsked, why)
};
struct BellRang {
    static constexpr std::string_view name = "BellRang";
    int loudness = 0;
    SLUICE_FIELDS(BellRang, loudness)
};
struct BellGranted {
    static constexpr std::string_view name = "BellGranted";
    int number = 0;
    std::string why;
    SLUICE_FIELDS(BellGranted, number, why)
};
struct RingBell {
    static constexpr std::string_view name = "RingBell";
    using Outcomes = std::variant<BellRang>;
    int number = 0;
    SLUICE_FIELDS(RingBell, number)
};

struct Ringer {
    static constexpr std::string_view name = "ringer";
    using Inputs = std::variant<BellAsked, BellRang>;
    using Outputs = std::variant<BellGranted>;
    using Effects = std::variant<RingBell>;
    struct State {
        int granted = 0, loudest = 0;
        std::optional<core::FactId> ringing;
        core::Agenda<Outputs, Effects> agenda;
        SLUICE_FIELDS(State, granted, loudest, ringing, agenda)
    };
    /// Who asks for silence withdraws the last ring, and is granted nothing.
    static void evolve(State& state, const core::Recorded<Inputs>& record) {
        if (const auto* rang = std::get_if<BellRang>(&record.data)) {
            state.loudest = std::max(state.loudest, rang->loudness);
            return;
        }
        const auto& why = std::get<BellAsked>(record.data).why;
        if (why == "silence") {
            if (state.ringing) state.agenda.withdraw(*state.ringing);
            return;
        }
        state.agenda.owe(record.head, BellGranted{++state.granted, why});
        state.ringing = state.agenda.ask(record.head, RingBell{state.granted});
    }
};

inline core::FactId grant_of(const core::FactId& cause) {
    return core::derive({"town", "ringer", ""}, cause, BellGranted::name);
}
inline core::FactId ring_of(const core::FactId& cause) {
    return core::derive({"town", "ringer", ""}, cause, RingBell::name);
}

}  // namespace sluice::tests
