#pragma once
#include <array>
#include <concepts>
#include <string_view>
#include <tuple>
#include <type_traits>

// A value says once what it is made of: from its field list derive the binary form, the JSON form and the JSON Schema.
// Equality is always `= default` and never taken from the list, so that a field missing from the list is found by
// decode(encode(x)) == x.
namespace sluice::core {

template <class T, class Member> struct Field {
    std::string_view name;
    Member T::*member;
};

template <class T, class Member> constexpr Field<T, Member> field(std::string_view name, Member T::*member) {
    return {name, member};
}

template <class T>
concept Listed = requires {
    T::fields();
};

/// An enum whose values have names: `constexpr auto names_of(E)` is found beside it.
template <class E>
concept NamedEnum = std::is_enum_v<E> && requires(E e) {
    names_of(e);
};

template <NamedEnum E> constexpr std::string_view name_of(E value) {
    return names_of(value)[static_cast<std::size_t>(value)];
}

/// Calls `visit(name, member reference)` for each field, in order.
template <Listed T, class Visit> constexpr void for_each_field(T& value, Visit visit) {
    std::apply([&](const auto&... each) { (visit(each.name, value.*(each.member)), ...); },
               std::remove_const_t<T>::fields());
}

}  // namespace sluice::core

// SLUICE_FOR_EACH(macro, fixed, a, b, …) = macro(fixed, a) macro(fixed, b) …, up to 256 times.
#define SLUICE_PARENS ()
#define SLUICE_EXPAND(...) SLUICE_EXPAND4(SLUICE_EXPAND4(SLUICE_EXPAND4(SLUICE_EXPAND4(__VA_ARGS__))))
#define SLUICE_EXPAND4(...) SLUICE_EXPAND3(SLUICE_EXPAND3(SLUICE_EXPAND3(SLUICE_EXPAND3(__VA_ARGS__))))
#define SLUICE_EXPAND3(...) SLUICE_EXPAND2(SLUICE_EXPAND2(SLUICE_EXPAND2(SLUICE_EXPAND2(__VA_ARGS__))))
#define SLUICE_EXPAND2(...) SLUICE_EXPAND1(SLUICE_EXPAND1(SLUICE_EXPAND1(SLUICE_EXPAND1(__VA_ARGS__))))
#define SLUICE_EXPAND1(...) __VA_ARGS__
#define SLUICE_FOR_EACH(macro, fixed, ...) __VA_OPT__(SLUICE_EXPAND(SLUICE_FOR_EACH_STEP(macro, fixed, __VA_ARGS__)))
#define SLUICE_FOR_EACH_STEP(macro, fixed, first, ...) \
    macro(fixed, first) __VA_OPT__(, SLUICE_FOR_EACH_AGAIN SLUICE_PARENS(macro, fixed, __VA_ARGS__))
#define SLUICE_FOR_EACH_AGAIN() SLUICE_FOR_EACH_STEP

#define SLUICE_FIELD(Type, name) ::sluice::core::field(#name, &Type::name)
/// Inside a struct: its equality and its field list, in the order in which they are written.
#define SLUICE_FIELDS(Type, ...)                  \
    bool operator==(const Type&) const = default; \
    static constexpr auto fields() { return std::tuple{SLUICE_FOR_EACH(SLUICE_FIELD, Type, __VA_ARGS__)}; }

#define SLUICE_QUOTE(unused, name) std::string_view(#name)
/// At namespace level: an enum class whose values have names.
#define SLUICE_ENUM(Type, ...)                                               \
    enum class Type { __VA_ARGS__ };                                         \
    [[maybe_unused]] constexpr auto names_of(Type) {                         \
        return std::array{SLUICE_FOR_EACH(SLUICE_QUOTE, Type, __VA_ARGS__)}; \
    }
