#pragma once
#include "common/app/scorer_wire.hpp"
#include "common/onnx/model.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace sluice::scorer {

/// A model that is scoring rows, in batches of one size: the size has a part in the last bits of a score.
class Contender {
public:
    static constexpr std::size_t batch_rows = 1000;
    static constexpr std::uint64_t bytes_max = 1ULL << 30;

    /// Verifies and opens the file. `name` is whose it is in refusals: artifact or champion.
    Contender(const app::ModelFile& file, std::string name);

    /// One more row: its features are `values` at `places`, in the order of the tensor's columns.
    void take(std::span<const float> values, std::span<const std::size_t> places);
    /// Of all rows taken since the last call.
    std::vector<float> take_scores();

    std::size_t width() const { return model_.width(); }
    std::vector<float> score(std::span<const float> rows_row_major, std::size_t rows) const;

private:
    static onnx::Model open(const app::ModelFile& file, const std::string& name);
    void flush();

    std::string name_;
    onnx::Model model_;
    std::vector<float> batch_;
    std::vector<float> scores_;
};

/// The bytes of a file that has this digest, or a Refusal `<name>_unreadable`; TryAgain when the disk is at fault.
std::string verified(const std::string& path, const std::string& digest, std::uint64_t bytes_max,
                     const std::string& name);

}  // namespace sluice::scorer
