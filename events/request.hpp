#pragma once
#include "common/core/json_text.hpp"
#include "events/codec.hpp"

namespace sluice::events {

/// The fact that somebody asks for: `body` is what was sent, `added` what is not the sender's to say, each a JSON text
/// by name. A member that both give is a problem.
template <class Fact>
Decoded<Fact> request_from(std::map<std::string, std::string> body, const std::map<std::string, std::string>& added) {
    std::vector<Problem> problems;
    for (const auto& [name, value] : added)
        if (!body.insert_or_assign(name, value).second)
            problems.push_back({"/" + name, "unknown_member", "no such member: leave it out"});
    std::string text;
    for (const auto& [name, value] : body) text += (text.empty() ? "" : ",") + core::json_string(name) + ":" + value;
    auto decoded = from_json<Fact>("{" + text + "}");
    decoded.problems.insert(decoded.problems.begin(), problems.begin(), problems.end());
    if (!problems.empty()) decoded.value.reset();
    return decoded;
}

}  // namespace sluice::events
