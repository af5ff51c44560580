#pragma once
#include "common/http/message.hpp"
#include "events/training.hpp"

namespace sluice::listener {

/// Why something from outside is not taken: what its sender is told.
struct Refusal {
    int status = 400;
    std::string code, title;
    std::string detail;  ///< ends with advice
    std::vector<events::Problem> problems = {};
};

/// As problem+json, with `errors` where there are problems. `extension` is further members as JSON without braces.
http::Response to_response(const Refusal& refusal, const std::string& extension = {});

}  // namespace sluice::listener
