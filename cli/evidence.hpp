#pragma once
#include "cli/names.hpp"

#include <iosfwd>

namespace sluice::cli {

std::string evidence_path(const OneVersion& of);

/// The console's page /v1/evidence/{model}/{n} for a reviewer: everything that an approval binds, and its digest.
void print_evidence(std::ostream& out, const std::string& page);

}  // namespace sluice::cli
