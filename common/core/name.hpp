#pragma once
#include "common/core/fields.hpp"

#include <compare>
#include <string>

namespace sluice::core {

/// A name that cannot be mistaken for another kind of name. Its tag says what it may look like:
/// `static constexpr std::string_view pattern` (a regular expression for schemas) and `static bool
/// fits(std::string_view)`.
template <class Tag> struct Name {
    using tag = Tag;
    std::string text;

    auto operator<=>(const Name&) const = default;
    bool empty() const { return text.empty(); }
    static constexpr auto fields() { return std::tuple{field("text", &Name::text)}; }
};

template <class T> inline constexpr bool is_name = false;
template <class Tag> inline constexpr bool is_name<Name<Tag>> = true;

}  // namespace sluice::core
