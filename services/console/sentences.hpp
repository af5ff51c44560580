#pragma once
#include "services/console/decider.hpp"

namespace sluice::console {

/// What a fact says, as one sentence for a version's timeline; empty for facts that no timeline shows.
std::string sentence(const Inputs& fact);

/// At most four significant digits: 0.8731, 12.5, 300.
std::string number_text(double number);

}  // namespace sluice::console
