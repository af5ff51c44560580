#pragma once
#include "common/http/message.hpp"
#include "services/console/decider.hpp"

#include <nlohmann/json_fwd.hpp>

// The parts that several pages are made of.
namespace sluice::console {

nlohmann::ordered_json entry_part(const Entry& entry);
nlohmann::ordered_json gates_part(const std::vector<GateResult>& gates);
nlohmann::ordered_json approval_part(const ApprovalView& approval);
nlohmann::ordered_json rollout_part(const State& state, const RolloutView& rollout);
nlohmann::ordered_json answer_part(const Answer& answer);

http::Response json_response(int status, const nlohmann::ordered_json& body);

}  // namespace sluice::console
