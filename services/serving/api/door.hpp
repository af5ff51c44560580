#pragma once
#include "common/http/auth.hpp"
#include "services/serving/scoring.hpp"

namespace sluice::serving {

/// POST /v1/endpoints/{endpoint}/invocations, for applications. Both must outlive the server.
void open_door(http::Server& server, const http::Tokens& tokens, Scoring& scoring);

}  // namespace sluice::serving
