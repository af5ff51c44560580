#pragma once
#include "common/core/binary.hpp"
#include "common/core/sha256.hpp"
#include "events/catalogue.hpp"
#include "events/telemetry.hpp"

// One plausible value of each type, told by the names of its fields: the seventh version of model fraud.
namespace sluice::vocabulary {

template <class T> T sample(std::string_view field);

namespace detail {

std::string text(std::string_view field);
std::string label(std::string_view field);
core::Time moment(std::string_view field);
double number(std::string_view field);
std::uint64_t count(std::string_view field);
/// Gates, steps and the like say little field by field.
events::Policy policy();
events::Signature signature();
std::vector<events::GateResult> gates();
events::TrainingCompleted completion();
events::Route route();
events::ChampionScores champion();
std::vector<events::RevisionEvidence> evidence();

template <class T> inline constexpr bool is_list = false;
template <class T> inline constexpr bool is_list<std::vector<T>> = true;

template <class Tag> core::Name<Tag> name(std::string_view field) {
    if constexpr (std::is_base_of_v<events::DigestText, Tag>)
        return {core::digest_of(field)};
    else if constexpr (std::is_same_v<Tag, events::ViewTag>)
        return {"transaction"};
    else if constexpr (std::is_base_of_v<events::DottedName, Tag>)
        return {"fraud"};
    else if constexpr (std::is_base_of_v<events::CommitText, Tag>)
        return {"4827cdd8774e71c255cfb43f4fbcfc284c74a5e0"};
    else
        return {label(field)};
}

template <class T> T by_field(std::string_view field) {
    T value{};
    if constexpr (is_list<T>)
        value.push_back(sample<typename T::value_type>(field));
    else
        core::for_each_field(value, []<class M>(std::string_view each, M& member) { member = sample<M>(each); });
    return value;
}

template <class T> T plain(std::string_view field) {
    if constexpr (std::is_same_v<T, std::string>)
        return text(field);
    else if constexpr (std::is_same_v<T, bool>)
        return false;
    else if constexpr (std::is_floating_point_v<T>)
        return number(field);
    else if constexpr (std::is_arithmetic_v<T>)
        return static_cast<T>(count(field));
    else
        return by_field<T>(field);
}

}  // namespace detail

template <class T> T sample(std::string_view field) {
    if constexpr (std::is_same_v<T, events::Policy>)
        return detail::policy();
    else if constexpr (std::is_same_v<T, events::Signature>)
        return detail::signature();
    else if constexpr (std::is_same_v<T, std::vector<events::GateResult>>)
        return detail::gates();
    else if constexpr (std::is_same_v<T, events::TrainingCompleted>)
        return detail::completion();
    else if constexpr (std::is_same_v<T, events::Route>)
        return detail::route();
    else if constexpr (std::is_same_v<T, events::ChampionScores>)
        return detail::champion();
    else if constexpr (std::is_same_v<T, std::vector<events::RevisionEvidence>>)
        return detail::evidence();
    else if constexpr (core::is_name<T>)
        return detail::name<typename T::tag>(field);
    else if constexpr (std::is_same_v<T, core::Instant>)
        return {detail::moment(field)};
    else if constexpr (std::is_same_v<T, core::FactId>)
        return core::external_id("trainer-1", "/examples/fraud", field);
    else if constexpr (core::NamedEnum<T>)
        return T{};
    else if constexpr (core::is_optional<T>)
        return T{sample<typename T::value_type>(field)};
    else
        return detail::plain<T>(field);
}

}  // namespace sluice::vocabulary
