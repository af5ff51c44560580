#include "common/core/time.hpp"

#include <array>
#include <cstdio>

namespace sluice::core {
namespace {

struct Date {
    std::int64_t year;
    unsigned month, day;
};

// Both by Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (public domain): proleptic Gregorian calendar.
constexpr std::int64_t days_from(Date date) {
    const auto y = date.year - (date.month <= 2);
    const auto era = (y >= 0 ? y : y - 399) / 400;
    const auto yoe = y - era * 400;
    const auto doy = (153 * (date.month + (date.month > 2 ? -3u : 9u)) + 2) / 5 + date.day - 1;
    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

constexpr Date date_from(std::int64_t days) {
    days += 719468;
    const auto era = (days >= 0 ? days : days - 146096) / 146097;
    const auto doe = days - era * 146097;
    const auto yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    const auto doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    const auto mp = (5 * doy + 2) / 153;
    const auto month = static_cast<unsigned>(mp < 10 ? mp + 3 : mp - 9);
    return {yoe + era * 400 + (month <= 2), month, static_cast<unsigned>(doy - (153 * mp + 2) / 5 + 1)};
}

constexpr std::int64_t day_ms = 86'400'000;
constexpr Time first_ms = days_from({0, 1, 1}) * day_ms, last_ms = days_from({10'000, 1, 1}) * day_ms - 1;

/// Takes exactly `count` digits off the front.
std::optional<int> digits(std::string_view& text, std::size_t count) {
    if (text.size() < count) return std::nullopt;
    int value = 0;
    for (const char c : text.substr(0, count)) {
        if (c < '0' || c > '9') return std::nullopt;
        value = 10 * value + (c - '0');
    }
    text.remove_prefix(count);
    return value;
}

bool eat(std::string_view& text, std::string_view any_of) {
    if (text.empty() || any_of.find(text.front()) == any_of.npos) return false;
    text.remove_prefix(1);
    return true;
}

std::optional<std::int64_t> fraction_ms(std::string_view& text) {
    if (!eat(text, ".")) return 0;
    int ms = 0, seen = 0;
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
        if (seen < 3) ms = 10 * ms + (text.front() - '0');
        if (++seen > 9) return std::nullopt;
        text.remove_prefix(1);
    }
    for (int i = seen; i < 3; ++i) ms *= 10;
    return seen == 0 ? std::nullopt : std::optional<std::int64_t>{ms};
}

std::optional<std::int64_t> offset_ms(std::string_view text) {
    if (text == "Z" || text == "z") return 0;
    const bool west = !text.empty() && text.front() == '-';
    if (!eat(text, "+-")) return std::nullopt;
    const auto hours = digits(text, 2);
    if (!hours || !eat(text, ":")) return std::nullopt;
    const auto minutes = digits(text, 2);
    if (!minutes || !text.empty() || *hours > 23 || *minutes > 59) return std::nullopt;
    return (west ? -1 : 1) * (*hours * 60 + *minutes) * 60'000;
}

}  // namespace

std::string rfc3339(Time time) {
    auto days = time / day_ms;
    auto rest = time % day_ms;
    if (rest < 0) rest += day_ms, --days;
    const auto date = date_from(days);
    std::array<char, 64> text;
    const auto size = std::snprintf(text.data(), text.size(), "%04lld-%02u-%02uT%02d:%02d:%02d.%03dZ",
                                    static_cast<long long>(date.year), date.month, date.day,
                                    static_cast<int>(rest / 3'600'000), static_cast<int>(rest / 60'000 % 60),
                                    static_cast<int>(rest / 1000 % 60), static_cast<int>(rest % 1000));
    return {text.data(), static_cast<std::size_t>(size)};
}

std::optional<Time> from_rfc3339(std::string_view text) {
    const auto year = digits(text, 4);
    if (!year || !eat(text, "-")) return std::nullopt;
    const auto month = digits(text, 2);
    if (!month || !eat(text, "-")) return std::nullopt;
    const auto day = digits(text, 2);
    if (!day || !eat(text, "Tt ")) return std::nullopt;
    const auto hour = digits(text, 2);
    if (!hour || !eat(text, ":")) return std::nullopt;
    const auto minute = digits(text, 2);
    if (!minute || !eat(text, ":")) return std::nullopt;
    const auto second = digits(text, 2);
    if (!second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
    const Date date{*year, static_cast<unsigned>(*month), static_cast<unsigned>(*day)};
    if (*month < 1 || *month > 12 || *day < 1 || date_from(days_from(date)).day != date.day) return std::nullopt;
    const auto ms = fraction_ms(text);
    const auto offset = offset_ms(text);
    if (!ms || !offset) return std::nullopt;
    const Time time = days_from(date) * day_ms + ((*hour * 60 + *minute) * 60 + *second) * 1000LL + *ms - *offset;
    // An offset may lead out of the years that four digits can write, and nobody could read what we would write.
    return time < first_ms || time > last_ms ? std::nullopt : std::optional{time};
}

}  // namespace sluice::core
