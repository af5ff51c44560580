#pragma once
#include "cli/command.hpp"

namespace sluice::cli {

std::string short_help(const Commands& commands);  ///< for whoever typed nothing
std::string full_help(const Commands& commands);
std::string help_of(const Command& command);
std::string help_of_noun(const Commands& commands, const std::string& noun);

/// The page docs/cli.md; a test compares.
std::string help_page(const Commands& commands);
std::string bash_completion(const Commands& commands);

}  // namespace sluice::cli
