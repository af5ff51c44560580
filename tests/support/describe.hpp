#pragma once
#include "common/core/binary.hpp"
#include "common/core/fact_id.hpp"
#include "common/core/name.hpp"

#include <optional>
#include <ostream>
#include <string>
#include <variant>
#include <vector>

namespace sluice::tests {

/// Any value as text for a person who reads a failed test, by its field list. Empty members are left out.
template <class T> std::string describe(const T& value);

namespace detail {

template <class T> std::string in_brackets(const T& values) {
    std::string text;
    for (const auto& each : values) text += (text.empty() ? "" : ", ") + describe(each);
    return "[" + text + "]";
}

template <class T> std::string in_braces(const T& value) {
    std::string text;
    core::for_each_field(value, [&]<class M>(std::string_view name, const M& member) {
        if (member == M{}) return;
        text += (text.empty() ? "" : ", ") + std::string(name) + ": " + describe(member);
    });
    return "{" + text + "}";
}

}  // namespace detail

template <class T> std::string describe(const T& value) {
    if constexpr (core::is_variant<T>)
        return std::visit([](const auto& one) { return describe(one); }, value);
    else if constexpr (core::is_name<T>)
        return value.text;
    else if constexpr (std::is_same_v<T, core::FactId>)
        return core::to_text(value);
    else if constexpr (std::is_same_v<T, std::string>)
        return '"' + value + '"';
    else if constexpr (core::NamedEnum<T>)
        return std::string(core::name_of(value));
    else if constexpr (std::is_arithmetic_v<T>)
        return std::to_string(value);
    else if constexpr (core::is_optional<T>)
        return value ? describe(*value) : "nothing";
    else if constexpr (requires { typename std::bool_constant<T::name.empty()>; })
        return std::string(T::name) + detail::in_braces(value);
    else if constexpr (core::Listed<T>)
        return detail::in_braces(value);
    else
        return detail::in_brackets(value);
}

}  // namespace sluice::tests

/// So that GoogleTest prints facts as text, too.
namespace sluice::events {
template <core::Listed T> void PrintTo(const T& value, std::ostream* out) { *out << tests::describe(value); }
}  // namespace sluice::events
