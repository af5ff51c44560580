#include "common/onnx/model.hpp"

#include "common/onnx/self_contained.hpp"

#include <onnxruntime_cxx_api.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>

namespace sluice::onnx {
namespace {

using core::Failure;
using core::Result;

constexpr auto input_name = "features";
constexpr auto output_name = "score";
constexpr std::int64_t any = -1;

/// One per process, made at the first use. Some releases phone home unless the variable is set before. It logs nothing:
/// what goes wrong with a model is a failure of the call.
Ort::Env& environment() {
    static Ort::Env env = [] {
        ::setenv("ORT_DISABLE_TELEMETRY", "1", 1);
        return Ort::Env{ORT_LOGGING_LEVEL_FATAL, "sluice"};
    }();
    return env;
}

Ort::SessionOptions calm_options() {
    Ort::SessionOptions options;
    options.SetIntraOpNumThreads(1);
    options.SetInterOpNumThreads(1);
    options.SetExecutionMode(ORT_SEQUENTIAL);
    options.SetGraphOptimizationLevel(ORT_ENABLE_ALL);
    options.AddConfigEntry("session.intra_op.allow_spinning", "0");
    options.AddConfigEntry("session.inter_op.allow_spinning", "0");
    return options;
}

/// The first line, and not much of it: it may repeat what the file says.
std::string brief(std::string text) {
    constexpr std::size_t length_max = 300;
    text.resize(std::min({text.find('\n'), text.size(), length_max}));
    return text;
}

/// What a model says of one of its inputs or outputs.
struct Port {
    std::string name;
    ONNXTensorElementDataType element = ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
    std::vector<std::int64_t> shape;

    std::string text() const {
        std::string dims;
        for (const auto dim : shape) dims += (dims.empty() ? "" : ", ") + (dim == any ? "N" : std::to_string(dim));
        const bool is_float = element == ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT;
        return brief(name) + (is_float ? " float32 [" : " of another type than float32 [") + dims + "]";
    }
};

Port describe(std::string name, const Ort::TypeInfo& type) {
    Port port{std::move(name), ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED, {}};
    if (type.GetONNXType() != ONNX_TYPE_TENSOR) return port;
    const auto tensor = type.GetTensorTypeAndShapeInfo();
    port.element = tensor.GetElementType();
    port.shape = tensor.GetShape();
    return port;
}

std::vector<Port> inputs_of(const Ort::Session& session) {
    Ort::AllocatorWithDefaultOptions allocator;
    std::vector<Port> ports;
    for (std::size_t i = 0; i < session.GetInputCount(); ++i)
        ports.push_back(describe(session.GetInputNameAllocated(i, allocator).get(), session.GetInputTypeInfo(i)));
    return ports;
}

std::vector<Port> outputs_of(const Ort::Session& session) {
    Ort::AllocatorWithDefaultOptions allocator;
    std::vector<Port> ports;
    for (std::size_t i = 0; i < session.GetOutputCount(); ++i)
        ports.push_back(describe(session.GetOutputNameAllocated(i, allocator).get(), session.GetOutputTypeInfo(i)));
    return ports;
}

bool is_matrix(const Port& port, std::string_view name) {
    return port.name == name && port.element == ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT && port.shape.size() == 2 &&
           port.shape[0] == any;
}

Failure off_convention(const std::string& what, const std::vector<Port>& found, const std::string& wanted) {
    std::string list;
    for (const auto& port : found) list += (list.empty() ? "" : ", ") + port.text();
    return Failure::poison("the model's " + what + " is " + (list.empty() ? "nothing" : list) + ", wanted is " + wanted,
                           "convert it so that it has one input features float32 [N, F] and one output score float32 "
                           "[N, 1], both with a dynamic N");
}

Failure of(const std::string& doing, const Ort::Exception& error) {
    return Failure::poison("ONNX Runtime cannot " + doing + " the model: " + brief(error.what()),
                           "check the file with onnx.checker and score it with the same release in Python");
}

}  // namespace

struct Model::Session {
    Ort::Session session;
    std::size_t width;
};

Model::Model(std::unique_ptr<Session> session) : session_{std::move(session)} {}
Model::Model(Model&&) noexcept = default;
Model& Model::operator=(Model&&) noexcept = default;
Model::~Model() = default;

Result<Model> Model::open(std::string_view bytes) try {
    if (!is_self_contained(bytes))
        return Failure::poison("the file is not an ONNX model with all its weights inside",
                               "save it with onnx.save(model, path, save_as_external_data=False)");
    Ort::Session session{environment(), bytes.data(), bytes.size(), calm_options()};
    const auto inputs = inputs_of(session), outputs = outputs_of(session);
    if (inputs.size() != 1 || !is_matrix(inputs[0], input_name) || inputs[0].shape[1] <= 0)
        return off_convention("input", inputs, "features float32 [N, F]");
    if (outputs.size() != 1 || !is_matrix(outputs[0], output_name) || outputs[0].shape[1] != 1)
        return off_convention("output", outputs, "score float32 [N, 1]");
    const auto width = static_cast<std::size_t>(inputs[0].shape[1]);
    return Model{std::make_unique<Session>(Session{std::move(session), width})};
} catch (const Ort::Exception& error) {
    return of("open", error);
}

std::size_t Model::width() const { return session_->width; }

Result<std::vector<float>> Model::score(std::span<const float> rows_row_major, std::size_t rows) const try {
    if (rows == 0) return std::vector<float>{};
    if (rows_row_major.size() / rows != width() || rows_row_major.size() % rows != 0)
        return Failure::poison(std::to_string(rows_row_major.size()) + " values are not " + std::to_string(rows) +
                                   " rows of " + std::to_string(width()) + " features",
                               "give every feature of the signature, in its order, for each row");
    const auto memory = Ort::MemoryInfo::CreateCpu(OrtArenaAllocator, OrtMemTypeDefault);
    const std::array<std::int64_t, 2> shape{static_cast<std::int64_t>(rows), static_cast<std::int64_t>(width())};
    // The interface wants it writable, and only reads an input.
    auto* values = const_cast<float*>(rows_row_major.data());
    const auto input =
        Ort::Value::CreateTensor<float>(memory, values, rows_row_major.size(), shape.data(), shape.size());
    const auto output = session_->session.Run(Ort::RunOptions{nullptr}, &input_name, &input, 1, &output_name, 1);
    const auto count = output.front().GetTensorTypeAndShapeInfo().GetElementCount();
    if (count != rows)
        return Failure::poison(
            "the model gave " + std::to_string(count) + " scores for " + std::to_string(rows) + " rows",
            "convert it so that its output is score float32 [N, 1]");
    const auto* scores = output.front().GetTensorData<float>();
    return std::vector<float>(scores, scores + rows);
} catch (const Ort::Exception& error) {
    return of("score with", error);
}

std::string runtime_version() { return Ort::GetVersionString(); }

}  // namespace sluice::onnx
