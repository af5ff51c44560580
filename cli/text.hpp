#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::cli {

/// For a terminal: what a terminal would obey (control characters, C1 among them) becomes a blank or a question mark.
std::string harmless(std::string_view text);

/// `2026-01-31T12:34:56.789Z` as `2026-01-31 12:34:56`; anything else as it is.
std::string utc(const std::string& rfc3339);

std::string fixed(double number, int decimals = 4);
/// With its sign, also of a plus.
std::string signed_fixed(double number, int decimals = 4);
/// As short as it can be said: `10`, `0.5`.
std::string brief(double number);
/// `1 fact`, `2 facts`.
std::string counted(std::uint64_t count, const std::string& noun);

std::string joined(const std::vector<std::string>& parts, std::string_view by);

/// As one segment of a URL's path.
std::string path_segment(std::string_view text);

/// The one that was probably meant; nothing where none is near.
std::optional<std::string> nearest(const std::string& typed, const std::vector<std::string>& known);

}  // namespace sluice::cli
