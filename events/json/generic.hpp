#pragma once
#include "common/core/binary.hpp"
#include "events/codec.hpp"

#include <nlohmann/json.hpp>

#include <cmath>

// JSON from field lists, both ways. Included by events/json/*.cpp only: nlohmann is heavy.
namespace sluice::events {

using Json = nlohmann::ordered_json;

struct Parsed::Tree {
    Json json;
};

namespace json {

/// Discarded where the text is not JSON, or nests deeper than core::json_depth_max.
Json parse(std::string_view text);
/// Compact. What is not UTF-8 becomes U+FFFD: no text may keep a fact from being written.
std::string dump(const Json& json);

/// A text in a fact is at most so long; longer evidence belongs to the artifact store.
inline constexpr std::size_t text_size_max = 4096;

template <class T> inline constexpr bool is_list = false;
template <class T> inline constexpr bool is_list<std::vector<T>> = true;
template <class T> inline constexpr bool is_map = false;
template <class T> inline constexpr bool is_map<std::map<std::string, T>> = true;

template <class T> Json write(const T& value) {
    if constexpr (core::is_name<T>)
        return value.text;
    else if constexpr (std::is_same_v<T, core::Instant>)
        return core::rfc3339(value.ms);
    else if constexpr (std::is_same_v<T, core::FactId>)
        return core::to_text(value);
    else if constexpr (core::NamedEnum<T>)
        return std::string(core::name_of(value));
    else if constexpr (core::Listed<T>) {
        auto object = Json::object();
        core::for_each_field(value, [&]<class M>(std::string_view name, const M& member) {
            if constexpr (core::is_optional<M>) {
                if (member) object[std::string(name)] = write(*member);
            } else {
                object[std::string(name)] = write(member);
            }
        });
        return object;
    } else if constexpr (is_list<T>) {
        auto array = Json::array();
        for (const auto& each : value) array.push_back(write(each));
        return array;
    } else if constexpr (is_map<T>) {
        auto object = Json::object();
        for (const auto& [key, each] : value) object[key] = write(each);
        return object;
    } else {
        return value;
    }
}

/// Reads one value; notes what is wrong, by JSON pointer, and goes on.
class Reader {
public:
    explicit Reader(std::vector<Problem>& problems) : problems_{problems} {}

    template <class T> void read(const Json& json, T& out, const std::string& at) {
        if constexpr (core::is_name<T>)
            read_name(json, out, at);
        else if constexpr (std::is_same_v<T, core::Instant>)
            read_instant(json, out, at);
        else if constexpr (std::is_same_v<T, core::FactId>)
            read_id(json, out, at);
        else if constexpr (core::NamedEnum<T>)
            read_enum(json, out, at);
        else if constexpr (core::Listed<T>)
            read_object(json, out, at);
        else if constexpr (is_list<T>)
            read_list(json, out, at);
        else if constexpr (is_map<T>)
            read_map(json, out, at);
        else if constexpr (std::is_same_v<T, std::string>)
            read_text(json, out, at);
        else if constexpr (std::is_same_v<T, bool>)
            json.is_boolean() ? void(out = json.template get<bool>()) : wrong(at, "true or false");
        else if constexpr (std::is_floating_point_v<T>)
            read_number(json, out, at);
        else
            read_whole(json, out, at);
    }

    void note(const std::string& at, std::string code, std::string detail) {
        if (problems_.size() < problems_max) problems_.push_back({at, std::move(code), std::move(detail)});
    }

private:
    static constexpr std::size_t problems_max = 100;

    void wrong(const std::string& at, const std::string& wanted) { note(at, "wrong_type", "give " + wanted); }

    bool read_text(const Json& json, std::string& out, const std::string& at) {
        if (!json.is_string()) return wrong(at, "a string"), false;
        out = json.get<std::string>();
        if (out.size() <= text_size_max) return true;
        note(at, "too_long", "at most " + std::to_string(text_size_max) + " bytes");
        return false;
    }

    template <class Tag> void read_name(const Json& json, core::Name<Tag>& out, const std::string& at) {
        if (read_text(json, out.text, at) && !Tag::fits(out.text))
            note(at, "malformed", "must match " + std::string(Tag::pattern));
    }

    void read_instant(const Json& json, core::Instant& out, const std::string& at) {
        if (!json.is_string()) return wrong(at, "a string with an RFC 3339 date and time");
        const auto time = core::from_rfc3339(json.get_ref<const std::string&>());
        if (!time) return note(at, "malformed", "give an RFC 3339 date and time, like 2026-01-31T12:34:56.789Z");
        out.ms = *time;
    }

    void read_id(const Json& json, core::FactId& out, const std::string& at) {
        if (!json.is_string()) return wrong(at, "a string with a UUID");
        const auto id = core::fact_id_from(json.get_ref<const std::string&>());
        if (!id) return note(at, "malformed", "give a UUID in lower case");
        out = *id;
    }

    template <class E> void read_enum(const Json& json, E& out, const std::string& at) {
        std::string any_of;
        const auto names = names_of(E{});
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (json.is_string() && json.get_ref<const std::string&>() == names[i]) {
                out = static_cast<E>(i);
                return;
            }
            any_of += (i == 0 ? "" : ", ") + std::string(names[i]);
        }
        note(at, json.is_string() ? "unknown_value" : "wrong_type", "give one of: " + any_of);
    }

    template <class T> void read_number(const Json& json, T& out, const std::string& at) {
        if (!json.is_number()) return wrong(at, "a number");
        out = json.get<T>();
        if (!std::isfinite(out)) note(at, "out_of_range", "give a finite number");
    }

    template <class T> void read_whole(const Json& json, T& out, const std::string& at) {
        if (!json.is_number_integer()) return wrong(at, "a whole number");
        const bool fits = json.is_number_unsigned() ? std::in_range<T>(json.get<std::uint64_t>())
                                                    : std::in_range<T>(json.get<std::int64_t>());
        if (!fits) return note(at, "out_of_range", "the number does not fit");
        out = json.get<T>();
    }

    template <class T> void read_list(const Json& json, std::vector<T>& out, const std::string& at) {
        if (!json.is_array()) return wrong(at, "an array");
        out.resize(json.size());
        for (std::size_t i = 0; i < json.size(); ++i) {
            T each{};
            read(json[i], each, at + "/" + std::to_string(i));
            out[i] = std::move(each);
        }
    }

    template <class T> void read_map(const Json& json, std::map<std::string, T>& out, const std::string& at) {
        if (!json.is_object()) return wrong(at, "an object");
        for (const auto& [key, value] : json.items()) read(value, out[key], at + "/" + escaped(key));
    }

    template <class T> void read_object(const Json& json, T& out, const std::string& at) {
        if (!json.is_object()) return wrong(at, "an object");
        std::size_t known = 0;
        core::for_each_field(out, [&]<class M>(std::string_view name, M& member) {
            const auto found = json.find(std::string(name));
            const auto pointer = at + "/" + std::string(name);
            if (found == json.end()) {
                if constexpr (!core::is_optional<M>) note(pointer, "missing", "this member is required");
                return;
            }
            ++known;
            if constexpr (core::is_optional<M>)
                read(*found, member.emplace(), pointer);
            else
                read(*found, member, pointer);
        });
        if (known < json.size()) note_unknown<T>(json, at);
    }

    template <class T> void note_unknown(const Json& json, const std::string& at) {
        for (const auto& [key, value] : json.items()) {
            const bool listed =
                std::apply([&](const auto&... field) { return ((field.name == key) || ...); }, T::fields());
            if (!listed)
                note(at + "/" + escaped(key), "unknown_member", "no such member: correct its name or leave it out");
        }
    }

    /// RFC 6901.
    static std::string escaped(std::string_view key) {
        auto size = std::min<std::size_t>(key.size(), 128);
        while (size < key.size() && (key[size] & 0xC0) == 0x80) --size;  // not in the middle of a character
        std::string text;
        for (const char c : key.substr(0, size)) text += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
        return text;
    }

    std::vector<Problem>& problems_;
};

}  // namespace json

template <class T> Decoded<T> decode(const Json& tree, std::string_view at) {
    Decoded<T> decoded;
    T value{};
    json::Reader(decoded.problems).read(tree, value, std::string(at));
    if (decoded.problems.empty()) decoded.value = std::move(value);
    return decoded;
}

template <class T> Decoded<T> from_json(std::string_view text, std::string_view at) {
    const auto tree = json::parse(text);
    if (tree.is_discarded())
        return {{}, {{std::string(at), "malformed", "this is not JSON (RFC 8259, UTF-8, at most 64 levels deep)"}}};
    return decode<T>(tree, at);
}

template <class T> Decoded<T> data_as(const Parsed& parsed) {
    const auto data = parsed.tree->json.find("data");
    if (data == parsed.tree->json.end()) return {{}, {{"/data", "missing", "this member is required"}}};
    return decode<T>(*data, "/data");
}

template <class T> std::string to_json(const T& value) { return json::dump(json::write(value)); }

}  // namespace sluice::events

#define SLUICE_JSON(Type)                                                       \
    template Decoded<Type> from_json<Type>(std::string_view, std::string_view); \
    template std::string to_json<Type>(const Type&);
#define SLUICE_FACT_JSON(Type) SLUICE_JSON(Type) template Decoded<Type> data_as<Type>(const Parsed&);
