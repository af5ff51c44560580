#pragma once
#include "services/console/decider.hpp"

// What people asked for, and the facts that answer it.
namespace sluice::console {

/// Notes a request, or that this fact answers one.
void remember(State& state, const core::Head& head, const Inputs& fact);

/// Whose act a fact is: its own actor, or that of the request that caused it; empty where it is nobody's.
std::string actor_of(const State& state, const core::Head& head);

/// Is there nothing more to wait for? A review that counts is answered when the approval that it decides is.
bool is_answered(const Asked& asked);

}  // namespace sluice::console
