#pragma once
#include "common/http/message.hpp"
#include "services/console/decider.hpp"

// What people read, as JSON: one page each, made from the state. README.md has the shapes.
namespace sluice::console {

http::Response timeline_page(const State& state, const std::string& model);
http::Response timeline_page(const State& state, const std::string& model, const std::string& version);
http::Response evidence_page(const State& state, const std::string& model, const std::string& version);
http::Response inbox_page(const State& state);
http::Response policy_page(const State& state, const std::string& model);
http::Response endpoints_page(const State& state);
http::Response endpoint_page(const State& state, const std::string& endpoint);
http::Response request_page(const State& state, const std::string& id);

http::Response unknown_model();
http::Response unknown_endpoint();
http::Response unknown_rollout();

}  // namespace sluice::console
