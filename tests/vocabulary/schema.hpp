#pragma once
#include "common/core/binary.hpp"
#include "events/catalogue.hpp"

#include <nlohmann/json.hpp>

// JSON Schemas (2020-12) from field lists. They say what events/json reads, but for two things that a schema cannot:
// lengths are of bytes there and of characters here, and 1.0 is a whole number here.
namespace sluice::vocabulary {

using Json = nlohmann::ordered_json;

inline constexpr std::size_t text_size_max = 4096;
inline constexpr auto uuid_pattern = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$";

template <class T> inline constexpr bool is_list = false;
template <class T> inline constexpr bool is_list<std::vector<T>> = true;
template <class T> inline constexpr bool is_map = false;
template <class T> inline constexpr bool is_map<std::map<std::string, T>> = true;

template <class T> Json schema_of();

template <class T> Json object_schema() {
    auto properties = Json::object(), required = Json::array();
    const T value{};
    core::for_each_field(value, [&]<class M>(std::string_view name, const M&) {
        if constexpr (core::is_optional<M>) {
            properties[std::string(name)] = schema_of<typename M::value_type>();
        } else {
            properties[std::string(name)] = schema_of<M>();
            required.push_back(name);
        }
    });
    return {{"type", "object"}, {"properties", properties}, {"required", required}, {"additionalProperties", false}};
}

template <class T> Json schema_of() {
    if constexpr (core::is_name<T>)
        return {{"type", "string"}, {"pattern", T::tag::pattern}};
    else if constexpr (std::is_same_v<T, core::Instant>)
        return {{"type", "string"}, {"format", "date-time"}};
    else if constexpr (std::is_same_v<T, core::FactId>)
        return {{"type", "string"}, {"format", "uuid"}, {"pattern", uuid_pattern}};
    else if constexpr (core::NamedEnum<T>)
        return {{"enum", names_of(T{})}};
    else if constexpr (core::Listed<T>)
        return object_schema<T>();
    else if constexpr (is_list<T>)
        return {{"type", "array"}, {"items", schema_of<typename T::value_type>()}};
    else if constexpr (is_map<T>)
        return {{"type", "object"}, {"additionalProperties", schema_of<typename T::mapped_type>()}};
    else if constexpr (std::is_same_v<T, std::string>)
        return {{"type", "string"}, {"maxLength", text_size_max}};
    else if constexpr (std::is_same_v<T, bool>)
        return {{"type", "boolean"}};
    else if constexpr (std::is_floating_point_v<T>)
        return {{"type", "number"}};
    else
        return {{"type", "integer"},
                {"minimum", std::numeric_limits<T>::min()},
                {"maximum", std::numeric_limits<T>::max()}};
}

/// A whole document: what it is comes first, then what it looks like.
inline Json document(const std::string& id, std::string_view title, std::string_view about, const Json& schema) {
    Json whole{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
               {"$id", id},
               {"title", title},
               {"description", about}};
    whole.update(schema);
    return whole;
}

}  // namespace sluice::vocabulary
