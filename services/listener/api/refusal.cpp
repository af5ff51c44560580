#include "services/listener/api/refusal.hpp"

#include "common/http/problem.hpp"
#include "events/codec.hpp"

namespace sluice::listener {

http::Response to_response(const Refusal& refusal, const std::string& extension) {
    std::string members = refusal.problems.empty() ? "" : "\"errors\":" + events::to_json(refusal.problems);
    if (!extension.empty()) members += (members.empty() ? "" : ",") + extension;
    return http::problem(refusal.status, refusal.code, refusal.title, refusal.detail, members);
}

}  // namespace sluice::listener
