#include "services/evaluator/scorer/contender.hpp"
#include "services/evaluator/scorer/refusal.hpp"
#include "services/evaluator/scorer/scorer.hpp"

#include <chrono>
#include <optional>

namespace sluice::scorer {
namespace {

template <class Work> std::uint64_t microseconds(Work work) {
    const auto before = std::chrono::steady_clock::now();
    work();
    const auto took = std::chrono::steady_clock::now() - before;
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(took).count());
}

}  // namespace

app::Warmed warm(const app::WarmRequest& request) {
    if (request.rows == 0 || request.rows > warm_rows_max)
        throw Refusal{"request_rows",
                      "a warm-up takes 1 to " + std::to_string(warm_rows_max) + " rows; ask for as many"};
    app::Warmed answer;
    std::optional<Contender> model;
    answer.open_us = microseconds([&] { model.emplace(request.model, "artifact"); });
    answer.width = model->width();
    const std::vector<float> one(answer.width), many(answer.width * request.rows);
    answer.first_us = microseconds([&] { model->score(one, 1); });
    answer.one_us = microseconds([&] { model->score(one, 1); });
    answer.batch_us = microseconds([&] { model->score(many, request.rows); });
    answer.runtime = onnx::runtime_version();
    return answer;
}

}  // namespace sluice::scorer
