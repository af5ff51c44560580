#pragma once
#include "common/core/result.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::onnx {

/// A scoring model by the convention: one input `features` float32 [N, F] with any N, one output `score` float32 [N,
/// 1]. Opened from bytes that were checked, never from a path. Its calls may come from several threads at once; none
/// starts threads of its own. Opening and scoring run code that the bytes decide about: do it in a child process first.
class Model {
public:
    /// Poison: not an ONNX model, or not by the convention; the failure says what was found and what is wanted.
    static core::Result<Model> open(std::string_view bytes);

    Model(Model&&) noexcept;
    Model& operator=(Model&&) noexcept;
    ~Model();

    /// F: how many features a row has.
    std::size_t width() const;

    /// One score for each row; a missing value is NaN, and a score may be NaN. `rows_row_major` holds rows * width()
    /// values. The same row may score differently in the last bits in a call of another size.
    core::Result<std::vector<float>> score(std::span<const float> rows_row_major, std::size_t rows) const;

private:
    struct Session;
    explicit Model(std::unique_ptr<Session> session);

    std::unique_ptr<Session> session_;
};

/// Of ONNX Runtime, such as "1.26.0": scores are only comparable bit for bit within one.
std::string runtime_version();

}  // namespace sluice::onnx
