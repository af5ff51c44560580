#pragma once
#include "common/core/result.hpp"

#include <set>
#include <string>
#include <vector>

namespace sluice::json {

struct TokenEntry {
    std::string subject;
    std::set<std::string> roles;
    std::string sha256;
};

/// Reads {"tokens":[{"subject":"…","roles":["…"],"sha256":"…"}]}; a fatal failure names the path and what is wrong,
/// never a hash. At most 1 MiB.
core::Result<std::vector<TokenEntry>> read_tokens(const std::string& path);

}  // namespace sluice::json
