#pragma once
#include "common/core/fields.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::core {

/// Milliseconds since 1970-01-01T00:00:00Z. Only shells read clocks; here is only arithmetic.
using Time = std::int64_t;

/// A moment inside a fact: in JSON it is RFC 3339 text.
struct Instant {
    Time ms = 0;
    auto operator<=>(const Instant&) const = default;
    static constexpr auto fields() { return std::tuple{field("ms", &Instant::ms)}; }
};

/// RFC 3339 in UTC with milliseconds: 2026-01-31T12:34:56.789Z.
std::string rfc3339(Time time);

/// Reads RFC 3339 (any offset, up to nine decimals of which three count); nothing where it is no such text.
std::optional<Time> from_rfc3339(std::string_view text);

}  // namespace sluice::core
