#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::json {

/// The members of an object by name, each as compact JSON text.
using Members = std::map<std::string, std::string>;

/// Nothing where the text is no JSON object (RFC 8259, UTF-8), repeats a name, or nests deeper than 32 levels.
std::optional<Members> members_of(std::string_view text);

/// The text that a JSON string stands for; nothing where this is no JSON string.
std::optional<std::string> text_of(const std::string& json);

}  // namespace sluice::json
