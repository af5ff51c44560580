#pragma once
#include "common/http/message.hpp"
#include "services/console/decider.hpp"

namespace sluice::console {

/// What somebody is told whose request was answered. The same for the same request, from any instance, at any time.
http::Response answer_to(const State& state, const core::FactId& id, const Asked& asked);

}  // namespace sluice::console
