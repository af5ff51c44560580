#include "services/serving/resident.hpp"

#include "common/onnx/model.hpp"

namespace sluice::serving {

core::Result<Opened> open_onnx(std::string_view bytes) {
    auto opened = onnx::Model::open(bytes);
    if (!opened) return opened.failure();
    const auto model = std::make_shared<const onnx::Model>(*std::move(opened));
    return Opened{model->width(),
                  [model](std::span<const float> rows, std::size_t count) { return model->score(rows, count); }};
}

}  // namespace sluice::serving
