#pragma once
#include "common/core/result.hpp"

#include <string>
#include <string_view>

namespace sluice::http {

struct Url {
    std::string host;       ///< without brackets
    std::string port;       ///< 80 where it says none
    std::string authority;  ///< for the Host header
    std::string target;     ///< path and query, at least `/`
};

/// http:// only, no user name, no fragment, nothing but ASCII 0x21-0x7E.
core::Result<Url> read_url(std::string_view text);

}  // namespace sluice::http
