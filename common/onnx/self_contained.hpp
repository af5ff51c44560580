#pragma once
#include <string_view>

namespace sluice::onnx {

/// True when all weights of an ONNX model lie in these bytes. A tensor may name another file instead (`external_data`),
/// which no digest of the model covers: the same artifact would score differently on another day. Bytes that cannot be
/// followed (not protobuf, or nested deeper than 64 messages) are false, too.
bool is_self_contained(std::string_view model_bytes);

}  // namespace sluice::onnx
