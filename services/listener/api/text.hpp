#pragma once
#include <optional>
#include <string>
#include <string_view>

// Text from strangers.
namespace sluice::listener {

/// RFC 3629: no overlong forms, no surrogates.
bool is_utf8(std::string_view text);

/// A CloudEvents String: UTF-8 without control characters and noncharacters.
bool is_attribute(std::string_view text);

/// The value of a `ce-` header: unquoted where it is quoted, percent-decoded once; nothing where that is not UTF-8.
std::optional<std::string> header_text(std::string_view value);

/// Fits this JSON text what is worth parsing? At most 32 levels deep and 10,000 members and elements of all its
/// objects and arrays: what nests deeper or is wider costs more than its size.
bool is_modest_json(std::string_view text);

/// RFC 4648, with padding.
std::string base64(std::string_view bytes);

}  // namespace sluice::listener
