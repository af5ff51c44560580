#include "common/core/binary.hpp"
#include "common/core/fact_id.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <limits>
#include <map>
#include <set>
#include <vector>

using namespace sluice::core;

namespace {

SLUICE_ENUM(Colour, red, green)

struct Small {
    std::uint8_t byte = 0;
    std::string text;
    SLUICE_FIELDS(Small, byte, text)
};

struct Everything {
    bool flag = false;
    std::int64_t number = 0;
    double real = 0;
    Colour colour{};
    std::string text;
    std::optional<Small> small;
    std::variant<std::monostate, Small, std::uint32_t> either;
    std::array<std::uint8_t, 3> bytes{};
    std::vector<Small> list;
    std::deque<std::pair<std::uint32_t, std::string>> queue;
    std::map<std::string, Small> by_name;
    std::set<FactId> ids;
    SLUICE_FIELDS(Everything, flag, number, real, colour, text, small, either, bytes, list, queue, by_name, ids)
};

Everything full() {
    Everything all;
    all.flag = true, all.number = std::numeric_limits<std::int64_t>::min(), all.real = 1.0 / 3;
    all.colour = Colour::green, all.text = std::string("a\0\xff", 3);
    all.small = Small{255, "x"}, all.either = Small{7, ""}, all.bytes = {1, 2, 255};
    all.list = {{1, "one"}, {2, "two"}}, all.queue = {{1, "a"}, {0xffffffff, "b"}};
    all.by_name = {{"", {}}, {"k", {9, "v"}}}, all.ids = {{1, 2}, {~0ull, 0}};
    return all;
}

template <class T> bool refuses(std::string_view bytes) {
    try {
        (void)decode<T>(bytes);
        return false;
    } catch (const std::runtime_error&) {
        return true;
    }
}

}  // namespace

TEST(Binary, gives_back_what_it_took) {
    EXPECT_EQ(decode<Everything>(encode(full())), full());
    EXPECT_EQ(decode<Everything>(encode(Everything{})), Everything{});
}

TEST(Binary, is_little_endian_with_lengths_of_64_bits) {
    EXPECT_EQ(encode(Small{5, "ab"}), std::string("\x05\x02\0\0\0\0\0\0\0ab", 11));
    EXPECT_EQ(encode(std::uint32_t{0x01020304}), "\x04\x03\x02\x01");
    EXPECT_EQ(encode(std::optional<std::uint8_t>{}), std::string("\0", 1));
    EXPECT_EQ(encode(std::optional<std::uint8_t>{9}), "\x01\x09");
}

TEST(Binary, keeps_every_bit_of_a_double) {
    using Limits = std::numeric_limits<double>;
    for (const double each : {0.0, -0.0, Limits::denorm_min(), Limits::infinity(), -Limits::infinity(), Limits::max(),
                              Limits::quiet_NaN(), 0.1})
        EXPECT_EQ(std::bit_cast<std::uint64_t>(decode<double>(encode(each))), std::bit_cast<std::uint64_t>(each));
}

TEST(Binary, refuses_what_is_cut_short_anywhere) {
    const auto whole = encode(full());
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_TRUE(refuses<Everything>(whole.substr(0, size))) << size;
}

TEST(Binary, refuses_what_is_too_long) { EXPECT_TRUE(refuses<Everything>(encode(full()) + '\0')); }

TEST(Binary, refuses_an_alternative_that_there_is_not) {
    using Either = std::variant<std::uint8_t, bool>;
    EXPECT_EQ(decode<Either>(std::string("\x01\0\0\0\0\0\0\0\x01", 9)), Either{true});
    EXPECT_TRUE(refuses<Either>(std::string("\x02\0\0\0\0\0\0\0\x01", 9)));
}

TEST(Binary, does_not_reserve_what_a_length_promises) {
    EXPECT_TRUE(refuses<std::vector<std::uint64_t>>(std::string(8, '\xff') + "few"));
    EXPECT_TRUE(refuses<std::string>(std::string(8, '\xff') + "few"));
}
