#pragma once
#include "common/http/limits.hpp"
#include "common/http/message.hpp"

namespace sluice::http {

/// A request's head as it was parsed: field names in lower case.
struct Head {
    int version = 11;
    std::string method;
    std::string target;
    Headers fields;
};

/// Where a request ends, and what becomes of its connection.
struct Framing {
    bool chunked = false;
    std::uint64_t length = 0;  ///< of a body that is not chunked
    bool keep_alive = false;
    bool expects_continue = false;

    bool has_body() const { return chunked || length > 0; }
};

/// Looks at a head's bytes as they grow: an answer where it can never become a good one. `raw` is without the blank
/// line.
std::optional<Response> refuse_raw_head(std::string_view raw, const Limits& limits);

/// What refuse_raw_head() says of a whole head, and after it: an answer to a head that two readers might frame
/// differently (RFC 9112 §11.2), or that goes beyond a limit.
std::optional<Response> refuse_head(const Head& head, const Limits& limits);

/// Of a head that refuse_head() let pass.
Framing framing_of(const Head& head);

}  // namespace sluice::http
