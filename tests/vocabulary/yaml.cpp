#include "tests/vocabulary/yaml.hpp"

#include <algorithm>

namespace sluice::vocabulary {
namespace {

using Json = nlohmann::ordered_json;

bool is_word(const std::string& text) {
    const auto plain = [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '-' || c == '.'; };
    return !text.empty() && std::isalpha(static_cast<unsigned char>(text.front())) &&
           std::ranges::all_of(text, plain) && text != "true" && text != "false" && text != "null" && text != "yes" &&
           text != "no";
}

std::string scalar(const Json& value) {
    return value.is_string() && is_word(value.get<std::string>()) ? value.get<std::string>() : value.dump();
}

void put(std::string& out, const Json& value, std::size_t indent, bool on_a_line);

void put_member(std::string& out, const std::string& key, const Json& value, std::size_t indent) {
    out += (is_word(key) ? key : Json(key).dump()) + ":";
    put(out, value, indent, true);
}

/// `on_a_line`: something already stands on this line, so that what is nested begins on the next.
void put(std::string& out, const Json& value, std::size_t indent, bool on_a_line) {
    if (!value.is_structured() || value.empty()) {
        out += (on_a_line ? " " : "") + scalar(value) + "\n";
        return;
    }
    if (on_a_line) out += "\n";
    bool first = !on_a_line;
    for (const auto& [key, each] : value.items()) {
        if (!std::exchange(first, false)) out.append(indent, ' ');
        if (value.is_array()) {
            out += "- ";
            put(out, each, indent + 2, false);
        } else {
            put_member(out, key, each, indent + 2);
        }
    }
}

}  // namespace

std::string yaml_of(const Json& value) {
    std::string out;
    put(out, value, 0, false);
    return out;
}

}  // namespace sluice::vocabulary
