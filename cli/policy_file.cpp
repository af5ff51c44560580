#include "cli/policy_file.hpp"

#include "cli/names.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>

namespace sluice::cli {
namespace {

std::string place(const PolicyFile& file, std::string pointer) {
    while (!file.document.marks.contains(pointer) && !pointer.empty()) pointer.erase(pointer.rfind('/'));
    const auto at = file.document.marks.find(pointer);
    const auto mark = at == file.document.marks.end() ? yaml::Mark{1, 1} : at->second;
    return file.name + ":" + std::to_string(mark.line) + ":" + std::to_string(mark.column) + ": ";
}

// The request's body holds the policy in a member of this name, and the file does not.
std::string in_policy(const std::string& pointer) {
    constexpr std::string_view member = "/policy";
    const bool inside = pointer == member || pointer.starts_with(std::string(member) + "/");
    return inside ? pointer.substr(member.size()) : pointer;
}

// `line 2, column 1: what` as `NAME:2:1: what`, as compilers and editors have it.
std::string with_place(const std::string& name, const core::Failure& failure) {
    std::size_t line = 0, column = 0;
    int read = 0;
    const auto text = failure.text();
    if (std::sscanf(text.c_str(), "line %zu, column %zu: %n", &line, &column, &read) != 2) return name + ": " + text;
    return name + ":" + std::to_string(line) + ":" + std::to_string(column) + ": " +
           text.substr(static_cast<std::size_t>(read));
}

std::string last_name(const std::string& pointer) { return pointer.substr(pointer.rfind('/') + 1); }

}  // namespace

PolicyFile read_policy(std::string name, const std::string& text) {
    auto document = yaml::read_yaml(text);
    if (!document) throw Ended{Exit::failure, with_place(name, document.failure())};
    PolicyFile file{std::move(name), *std::move(document), {}};
    const auto tree = nlohmann::json::parse(file.document.json);
    if (!tree.is_object() || !tree.contains("model") || !tree["model"].is_string())
        throw Ended{Exit::failure,
                    place(file, "") + "a policy is a mapping that names its model; begin it with model: NAME"};
    ModelName model;
    if (const auto wrong = read(tree["model"].get<std::string>(), model); !wrong.empty())
        throw Ended{Exit::failure, place(file, "/model") + wrong};
    file.model = model.text;
    return file;
}

std::string errors_in_file(const PolicyFile& file, const Problem& problem) {
    std::string said;
    for (const auto& [pointer, detail] : problem.errors) {
        const auto at = in_policy(pointer);
        const bool missing = !file.document.marks.contains(at);
        said += (said.empty() ? "" : "\n") + place(file, at) + (missing ? last_name(at) + ": " : "") + detail;
    }
    return said;
}

}  // namespace sluice::cli
