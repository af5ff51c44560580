#include "common/onnx/self_contained.hpp"

#include <cstdint>
#include <optional>

// Field numbers are those of onnx.proto; only messages on the way to a tensor are followed.
namespace sluice::onnx {
namespace {

enum class Message { model, graph, node, attribute, function, sparse, tensor };
constexpr int depth_max = 64;

std::optional<Message> message_in(Message outer, std::uint64_t field) {
    switch (outer) {
        case Message::model:
            if (field == 7) return Message::graph;
            if (field == 25) return Message::function;
            return std::nullopt;
        case Message::graph:
            if (field == 1) return Message::node;
            if (field == 5) return Message::tensor;
            if (field == 15) return Message::sparse;
            return std::nullopt;
        case Message::node:
            if (field == 5) return Message::attribute;
            return std::nullopt;
        case Message::attribute:
            if (field == 5 || field == 10) return Message::tensor;
            if (field == 6 || field == 11) return Message::graph;
            if (field == 22 || field == 23) return Message::sparse;
            return std::nullopt;
        case Message::function:
            if (field == 7) return Message::node;
            if (field == 11) return Message::attribute;
            return std::nullopt;
        case Message::sparse:
            if (field == 1 || field == 2) return Message::tensor;
            return std::nullopt;
        case Message::tensor: return std::nullopt;
    }
    return std::nullopt;
}

std::optional<std::uint64_t> take_varint(std::string_view& bytes) {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
        const auto byte = static_cast<std::uint8_t>(bytes.front());
        bytes.remove_prefix(1);
        value |= std::uint64_t{byte & 0x7fU} << shift;
        if (byte < 0x80) return value;
    }
    return std::nullopt;
}

std::optional<std::string_view> take(std::string_view& bytes, std::uint64_t size) {
    if (size > bytes.size()) return std::nullopt;
    const auto taken = bytes.substr(0, size);
    bytes.remove_prefix(size);
    return taken;
}

/// The bytes of a field without its tag; for numbers, how they are encoded.
std::optional<std::string_view> take_value(std::string_view& bytes, std::uint64_t wire_type) {
    const auto all = bytes;
    switch (wire_type) {
        case 0: return take_varint(bytes) ? std::optional{all.substr(0, all.size() - bytes.size())} : std::nullopt;
        case 1: return take(bytes, 8);
        case 2: {
            const auto size = take_varint(bytes);
            return size ? take(bytes, *size) : std::nullopt;
        }
        case 5: return take(bytes, 4);
        default: return std::nullopt;  // groups: onnx.proto has none
    }
}

bool is_self_contained(Message message, std::string_view bytes, int depth) {
    if (depth > depth_max) return false;
    while (!bytes.empty()) {
        const auto tag = take_varint(bytes);
        const auto value = tag ? take_value(bytes, *tag & 7) : std::nullopt;
        if (!value) return false;
        const auto field = *tag >> 3;
        constexpr std::uint64_t external_data = 13, data_location = 14;
        if (message == Message::tensor && field == external_data) return false;
        if (message == Message::tensor && field == data_location && *value != std::string_view("\0", 1)) return false;
        const auto inner = (*tag & 7) == 2 ? message_in(message, field) : std::nullopt;
        if (inner && !is_self_contained(*inner, *value, depth + 1)) return false;
    }
    return true;
}

}  // namespace

bool is_self_contained(std::string_view model_bytes) { return is_self_contained(Message::model, model_bytes, 0); }

}  // namespace sluice::onnx
