#pragma once
#include "common/http/message.hpp"

namespace sluice::http {

/// RFC 9457. `code` is stable, for programs; `detail` is for people and ends with advice. `extension` is further
/// members as JSON text without braces: `"request_id":"…"`.
Response problem(int status, std::string_view code, std::string_view title, std::string_view detail,
                 std::string_view extension = {});

/// A problem that passes: 503 with Retry-After.
Response retry_later(std::string_view code, std::string_view title, std::string_view detail);

}  // namespace sluice::http
