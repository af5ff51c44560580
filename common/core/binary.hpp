#pragma once
#include "common/core/fields.hpp"

#include <bit>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

// The binary form of a regular value, derived from its field list: little endian, lengths as 64 bits, no padding.
namespace sluice::core {

template <class T>
concept Whole = std::is_integral_v<T> || std::is_enum_v<T>;
template <class T>
concept Paired = requires(T value) {
    value.first;
    value.second;
};
template <class T> inline constexpr bool is_variant = false;
template <class... Ts> inline constexpr bool is_variant<std::variant<Ts...>> = true;
template <class T> inline constexpr bool is_optional = false;
template <class T> inline constexpr bool is_optional<std::optional<T>> = true;
template <class T> inline constexpr bool is_array = false;
template <class T, std::size_t N> inline constexpr bool is_array<std::array<T, N>> = true;

template <class T> void put(std::string& out, const T& value) {
    if constexpr (std::is_floating_point_v<T>)
        put(out, std::bit_cast<std::uint64_t>(static_cast<double>(value)));
    else if constexpr (Whole<T>)
        for (std::size_t i = 0; i < sizeof(T); ++i)
            out.push_back(static_cast<char>(static_cast<std::uint64_t>(value) >> 8 * i));
    else if constexpr (Listed<T>)
        for_each_field(value, [&](std::string_view, const auto& member) { put(out, member); });
    else if constexpr (Paired<T>)
        put(out, value.first), put(out, value.second);
    else if constexpr (is_variant<T>)
        put(out, value.index()), std::visit([&](const auto& held) { put(out, held); }, value);
    else if constexpr (is_optional<T>) {
        put(out, value.has_value());
        if (value) put(out, *value);
    } else if constexpr (is_array<T>) {
        for (const auto& each : value) put(out, each);
    } else if constexpr (!std::is_empty_v<T>) {
        put(out, std::uint64_t{value.size()});
        for (const auto& each : value) put(out, each);
    }
}

/// Throws std::runtime_error where the bytes are not such a value.
template <class T> T take(std::string_view& in);

template <class Variant, std::size_t... I>
Variant take_variant(std::string_view& in, std::size_t index, std::index_sequence<I...>) {
    std::optional<Variant> value;
    const auto one = [&]<std::size_t Index>(std::integral_constant<std::size_t, Index>) {
        if (index == Index)
            value.emplace(std::in_place_index<Index>, take<std::variant_alternative_t<Index, Variant>>(in));
    };
    (one(std::integral_constant<std::size_t, I>{}), ...);
    if (!value) throw std::runtime_error("binary form: no such alternative");
    return *std::move(value);
}

template <class T> struct Element { using type = T; };
template <class K, class V> struct Element<std::pair<const K, V>> { using type = std::pair<K, V>; };

template <Whole T> T take_whole(std::string_view& in) {
    if (in.size() < sizeof(T)) throw std::runtime_error("binary form: cut short");
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) bits |= std::uint64_t{static_cast<std::uint8_t>(in[i])} << 8 * i;
    in.remove_prefix(sizeof(T));
    return static_cast<T>(bits);
}

template <class T> T take(std::string_view& in) {
    if constexpr (std::is_floating_point_v<T>) {
        return static_cast<T>(std::bit_cast<double>(take_whole<std::uint64_t>(in)));
    } else if constexpr (Whole<T>) {
        return take_whole<T>(in);
    } else if constexpr (is_variant<T>) {
        const auto index = take<std::size_t>(in);
        return take_variant<T>(in, index, std::make_index_sequence<std::variant_size_v<T>>{});
    } else if constexpr (is_optional<T>) {
        return take<bool>(in) ? T{take<typename T::value_type>(in)} : T{};
    } else {
        T value{};
        if constexpr (Listed<T>)
            for_each_field(value, [&]<class M>(std::string_view, M& member) { member = take<M>(in); });
        else if constexpr (is_array<T>)
            for (auto& each : value) each = take<typename T::value_type>(in);
        else if constexpr (Paired<T>)
            value.first = take<typename T::first_type>(in), value.second = take<typename T::second_type>(in);
        else if constexpr (!std::is_empty_v<T>)
            for (auto left = take<std::uint64_t>(in); left > 0; --left)
                value.insert(value.end(), take<typename Element<typename T::value_type>::type>(in));
        return value;
    }
}

template <class T> std::string encode(const T& value) {
    std::string out;
    put(out, value);
    return out;
}

template <class T> T decode(std::string_view in) {
    T value = take<T>(in);
    if (!in.empty()) throw std::runtime_error("binary form: bytes left over");
    return value;
}

}  // namespace sluice::core
