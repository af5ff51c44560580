#pragma once
#include "common/core/result.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::http {

struct Target {
    std::string path;                                        ///< as sent
    std::vector<std::string> segments;                       ///< decoded once; none for `/`
    std::vector<std::pair<std::string, std::string>> query;  ///< decoded once, `+` as a space
};

/// Reads an origin-form request target (RFC 9112 §3.2.1). Refuses what a reader behind us might take for another path:
/// an encoded slash, backslash or control character, `.` and `..`, empty segments, a fragment, anything but ASCII
/// 0x21-0x7E.
core::Result<Target> read_target(std::string_view target);

}  // namespace sluice::http
