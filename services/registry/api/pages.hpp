#pragma once
#include "common/http/message.hpp"
#include "services/registry/decider.hpp"

// What the registry shows, as JSON.
namespace sluice::registry {

http::Response models_page(const State& state);
http::Response model_page(const State& state, const std::string& model);
http::Response version_page(const State& state, const std::string& model, const std::string& version);

/// What became of a request; `settled`: its answer is on the ledger.
http::Response request_page(const core::FactId& id, const Answer& answer, bool settled);
/// What somebody is told whose request was answered.
http::Response answer_to(const core::FactId& id, const Answer& answer);

http::Response unknown_model();
http::Response unknown_version();

}  // namespace sluice::registry
