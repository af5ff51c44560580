#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace sluice::core {

/// A JSON string with its quotes (RFC 8259). What is not UTF-8 becomes question marks.
std::string json_string(std::string_view text);

/// Whoever reads JSON from outside asks first: a tree of any depth would take a stack of any size.
inline constexpr std::size_t json_depth_max = 64;
/// Do arrays and objects lie more than `levels` inside each other? Of any text; whether it is JSON is not asked.
bool nests_deeper_than(std::size_t levels, std::string_view text);

}  // namespace sluice::core
