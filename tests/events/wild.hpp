#pragma once
#include "common/core/binary.hpp"
#include "tests/support/random.hpp"

#include <cmath>
#include <limits>

// Random values at the rims of their types, from their field lists: what a codec may get wrong.
namespace sluice::tests {

inline std::string wild_text(Random& random) {
    static const std::vector<std::string> pieces{
        "",     "plain", "\"quoted\" \\ back/slash", std::string("\0", 1), "\x01\x1f\t\r\n\b\f",       "\x7f",
        "é",    "模型",  "🙂\U0010FFFF",           "\u2028\u2029",       R"({"data":{"type":"x"}})", "~0/~1",
        " end "};
    std::string text;
    for (auto left = random.below(4); left > 0; --left) text += random.of(pieces);
    return text;
}

inline double wild_double(Random& random) {
    using Limits = std::numeric_limits<double>;
    static const std::vector<double> rims{0,
                                          -0.0,
                                          1,
                                          -1,
                                          0.1,
                                          1e-7,
                                          1.0 / 3,
                                          1e21,
                                          9007199254740993.0,
                                          Limits::max(),
                                          Limits::lowest(),
                                          Limits::min(),
                                          Limits::denorm_min(),
                                          Limits::epsilon()};
    if (random.one_in(2)) return random.of(rims);
    const auto any = std::bit_cast<double>(random.bits());
    return std::isfinite(any) ? any : 0.5;
}

template <class T> T wild_whole(Random& random) {
    static const std::vector<T> rims{0, 1, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()};
    return random.one_in(2) ? random.of(rims) : static_cast<T>(random.bits());
}

inline core::Time wild_moment(Random& random) {
    constexpr core::Time year_0 = -62167219200000, year_9999 = 253402300799999;
    static const std::vector<core::Time> rims{year_0, year_9999, 0, -1, 951782400000};
    if (random.one_in(2)) return random.of(rims);
    return static_cast<core::Time>(random.bits() % 253402300799999ull);
}

template <class T> T wild_value(Random& random) {
    if constexpr (core::is_name<T>)
        return {random_name(random, T::tag::pattern)};
    else if constexpr (std::is_same_v<T, core::Instant>)
        return {wild_moment(random)};
    else if constexpr (std::is_same_v<T, core::FactId>)
        return {random.bits(), random.bits()};
    else if constexpr (core::NamedEnum<T>)
        return static_cast<T>(random.below(names_of(T{}).size()));
    else if constexpr (std::is_same_v<T, std::string>)
        return wild_text(random);
    else if constexpr (std::is_same_v<T, bool>)
        return random.one_in(2);
    else if constexpr (std::is_floating_point_v<T>)
        return wild_double(random);
    else if constexpr (std::is_arithmetic_v<T>)
        return wild_whole<T>(random);
    else if constexpr (core::is_optional<T>)
        return random.one_in(2) ? T{} : T{wild_value<typename T::value_type>(random)};
    else {
        T value{};
        if constexpr (is_vector<T>)
            for (auto left = random.below(3); left > 0; --left)
                value.push_back(wild_value<typename T::value_type>(random));
        else if constexpr (is_text_map<T>)
            for (auto left = random.below(3); left > 0; --left)
                value[wild_text(random)] = wild_value<typename T::mapped_type>(random);
        else
            core::for_each_field(value, [&]<class M>(std::string_view, M& member) { member = wild_value<M>(random); });
        return value;
    }
}

}  // namespace sluice::tests
