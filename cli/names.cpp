#include "cli/names.hpp"

#include "cli/text.hpp"
#include "events/names.hpp"

#include <charconv>

namespace sluice::cli {
namespace {

constexpr auto name_rule = "names are lower-case letters, digits, '_' and '-', in up to three parts with dots between";

std::string quoted(const std::string& typed) { return "'" + harmless(typed) + "'"; }

template <class Number> bool whole(const std::string& typed, Number& into) {
    const auto* end = typed.data() + typed.size();
    const auto [stop, error] = std::from_chars(typed.data(), end, into);
    return error == std::errc{} && stop == end;
}

template <class Number> std::string read_number(const std::string& typed, Number& into) {
    return whole(typed, into) ? "" : quoted(typed) + " is no whole number; write one, as in 3";
}

std::string read_name(const std::string& typed, std::string& into, const std::string& kind) {
    if (!events::DottedName::fits(typed)) return quoted(typed) + " cannot name " + kind + "; " + name_rule;
    into = typed;
    return {};
}

}  // namespace

std::string read(const std::string& typed, OneVersion& into) {
    const auto slash = typed.rfind('/');
    if (slash == std::string::npos) return quoted(typed) + " names no version; write MODEL/N, as in " + typed + "/3";
    if (!whole(typed.substr(slash + 1), into.version) || into.version == 0)
        return quoted(typed.substr(slash + 1)) + " is no version; write MODEL/N with N from 1, as in fraud/3";
    return read_name(typed.substr(0, slash), into.model, "a model");
}

std::string read(const std::string& typed, ModelOrVersion& into) {
    if (typed.find('/') == std::string::npos) return read_name(typed, into.model, "a model");
    OneVersion one;
    auto wrong = read(typed, one);
    if (wrong.empty()) into = {one.model, one.version};
    return wrong;
}

std::string read(const std::string& typed, ModelName& into) {
    const auto slash = typed.find('/');
    if (slash != std::string::npos)
        return quoted(typed) + " is a version; here a model is wanted, as in " + harmless(typed.substr(0, slash));
    return read_name(typed, into.text, "a model");
}

std::string read(const std::string& typed, EndpointName& into) { return read_name(typed, into.text, "an endpoint"); }
std::string read(const std::string& typed, std::string& into) { return into = typed, ""; }
std::string read(const std::string& typed, std::uint32_t& into) { return read_number(typed, into); }
std::string read(const std::string& typed, std::uint64_t& into) { return read_number(typed, into); }

}  // namespace sluice::cli
