#pragma once
#include "cli/command.hpp"

namespace sluice::cli {

/// What a command line asks for: a command to run (its arguments are kept where it declared them), or help.
struct Asked {
    const Command* command = nullptr;
    Common common;
    std::string help;  ///< to be printed instead
};

/// Ends with Exit::usage where the line is wrong, and names what was probably meant.
Asked parse(const Commands& commands, const std::vector<std::string>& arguments);

}  // namespace sluice::cli
