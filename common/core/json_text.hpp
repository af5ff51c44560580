#pragma once
#include <string>
#include <string_view>

namespace sluice::core {

/// A JSON string with its quotes (RFC 8259). What is not UTF-8 becomes question marks.
std::string json_string(std::string_view text);

}  // namespace sluice::core
