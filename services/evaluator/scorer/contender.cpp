#include "services/evaluator/scorer/contender.hpp"

#include "common/artifacts/verified_file.hpp"
#include "services/evaluator/scorer/refusal.hpp"

#include <utility>

namespace sluice::scorer {

std::string verified(const std::string& path, const std::string& digest, std::uint64_t bytes_max,
                     const std::string& name) {
    auto bytes = artifacts::read_verified(path, digest, bytes_max);
    if (bytes) return std::move(*bytes);
    if (bytes.failure().kind != core::Failure::Kind::poison) throw TryAgain{bytes.failure().text()};
    throw Refusal{name + "_unreadable", bytes.failure().text()};
}

Contender::Contender(const app::ModelFile& file, std::string name)
    : name_{std::move(name)}, model_{open(file, name_)} {}

onnx::Model Contender::open(const app::ModelFile& file, const std::string& name) {
    auto model = onnx::Model::open(verified(file.artifact, file.artifact_digest, bytes_max, name));
    if (!model) throw Refusal{name + "_not_by_the_convention", model.failure().text()};
    if (model->width() != file.columns.size())
        throw Refusal{name + "_wrong_width", "the model takes " + std::to_string(model->width()) +
                                                 " features, its signature names " +
                                                 std::to_string(file.columns.size()) +
                                                 "; complete it with the signature that it was trained with"};
    return std::move(*model);
}

void Contender::take(std::span<const float> values, std::span<const std::size_t> places) {
    for (const auto place : places) batch_.push_back(values[place]);
    if (batch_.size() == batch_rows * width()) flush();
}

std::vector<float> Contender::take_scores() {
    flush();
    return std::exchange(scores_, {});
}

std::vector<float> Contender::score(std::span<const float> rows_row_major, std::size_t rows) const {
    auto scores = model_.score(rows_row_major, rows);
    if (!scores) throw Refusal{name_ + "_failed", scores.failure().text()};
    return std::move(*scores);
}

void Contender::flush() {
    const auto scores = score(batch_, batch_.size() / width());
    scores_.insert(scores_.end(), scores.begin(), scores.end());
    batch_.clear();
}

}  // namespace sluice::scorer
