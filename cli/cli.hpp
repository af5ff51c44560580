#pragma once
#include "cli/ended.hpp"
#include "cli/session.hpp"

namespace sluice::cli {

/// Runs one command line, without the program's name. What is asked for goes to `out`, everything else to `err`.
Exit run(const std::vector<std::string>& arguments, Surroundings& around);

}  // namespace sluice::cli
