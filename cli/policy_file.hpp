#pragma once
#include "cli/problem.hpp"
#include "common/yaml/read.hpp"

namespace sluice::cli {

/// A policy as somebody wrote it, and as the server takes it.
struct PolicyFile {
    std::string name;  ///< for messages
    yaml::Document document;
    std::string model;
};
/// Ends the command with `NAME:line:column: …` where the text is no policy at all.
PolicyFile read_policy(std::string name, const std::string& text);

/// What the server found wrong, each `NAME:line:column: …` at the place it points to; where nothing stands there, at
/// what it would stand in.
std::string errors_in_file(const PolicyFile& file, const Problem& problem);

}  // namespace sluice::cli
