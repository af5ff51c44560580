#pragma once
#include "services/console/decider.hpp"

// The story of a version, or of a model, one sentence a fact.
namespace sluice::console {

void write_down(Timeline& timeline, const core::Head& head, const Inputs& fact, const std::string& actor);

/// Writes the fact into the timeline of what it is about; nowhere where that is unknown.
void tell(State& state, const core::Head& head, const Inputs& fact);

}  // namespace sluice::console
