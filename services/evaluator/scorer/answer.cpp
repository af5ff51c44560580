#include "services/evaluator/scorer/refusal.hpp"
#include "services/evaluator/scorer/scorer.hpp"

namespace sluice::scorer {
namespace {

std::string perform(const app::EvaluateRequest& request) { return app::encode(evaluate(request)); }
std::string perform(const app::WarmRequest& request) { return app::encode(warm(request)); }

}  // namespace

std::string answer(const std::string& text) try {
    const auto request = app::decode_request(text);
    if (!request) throw Refusal{"request_unreadable", request.failure().text()};
    return std::visit([](const auto& each) { return perform(each); }, *request);
} catch (const Refusal& refusal) {
    return app::encode(refusal.answer);
}

}  // namespace sluice::scorer
