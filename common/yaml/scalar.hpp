#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace sluice::yaml {

/// The text as a JSON string, quotes included.
std::string quoted(std::string_view text);

/// What a plain scalar is in JSON, by the core schema of YAML 1.2. Nothing when JSON has no such value: an infinity, a
/// number that is none, or one beyond 64 bits.
std::optional<std::string> plain_to_json(std::string_view text);

/// The first byte that is not part of well-formed UTF-8, or npos.
std::size_t find_broken_utf8(std::string_view text);

}  // namespace sluice::yaml
