#include "common/http/problem.hpp"

#include "common/core/json_text.hpp"

namespace sluice::http {

using core::json_string;

Response problem(int status, std::string_view code, std::string_view title, std::string_view detail,
                 std::string_view extension) {
    Response response;
    response.status = status;
    response.content_type = "application/problem+json; charset=utf-8";
    response.body = "{\"type\":" + json_string("urn:sluice:problem:" + std::string{code}) +
                    ",\"title\":" + json_string(title) + ",\"status\":" + std::to_string(status) +
                    ",\"code\":" + json_string(code) + ",\"detail\":" + json_string(detail);
    if (!extension.empty()) (response.body += ',') += extension;
    response.body += '}';
    return response;
}

Response retry_later(std::string_view code, std::string_view title, std::string_view detail) {
    Response response = problem(503, code, title, detail);
    response.headers.emplace_back("Retry-After", "1");
    return response;
}

}  // namespace sluice::http
