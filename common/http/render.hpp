#pragma once
#include "common/core/time.hpp"
#include "common/http/message.hpp"

namespace sluice::http {

/// The bytes before a response's body. Adds what every answer carries: Date, Content-Length, nosniff, no-store unless
/// the response has its own Cache-Control. A response that would not be one (a status outside 200-599, a line break in
/// a header) comes out as a 500 in `response`'s place.
std::string render_head(Response& response, bool keep_alive, core::Time now);

/// Whether a response with this status has a body at all (RFC 9110 §6.4.1).
bool bears_body(int status);

/// IMF-fixdate (RFC 9110 §5.6.7): Sun, 06 Nov 1994 08:49:37 GMT.
std::string http_date(core::Time time);

}  // namespace sluice::http
