#include "cli/command.hpp"

#include "cli/text.hpp"

#include <algorithm>

namespace sluice::cli {
namespace {

std::string read_output(const std::string& typed, bool& json) {
    if (typed != "json" && typed != "table") return "'" + harmless(typed) + "' is no form of output; use table or json";
    json = typed == "json";
    return {};
}

std::string read_timeout(const std::string& typed, std::uint64_t& seconds) {
    std::uint64_t number = 0;
    if (!read(typed, number).empty() || number < 1 || number > 600)
        return "'" + harmless(typed) + "' is no time-out; give 1 to 600 seconds";
    seconds = number;
    return {};
}

std::string read_who(const std::string& typed, std::string& who) {
    const std::vector<std::string> known{"trainer", "reviewer-1", "reviewer-2", "operator", "application", "auditor"};
    if (std::ranges::find(known, typed) == known.end())
        return "'" + harmless(typed) + "' has no token here; use one of " + joined(known, ", ");
    who = typed;
    return {};
}

void add_once(std::vector<std::string>& to, std::string word) {
    if (std::ranges::find(to, word) == to.end()) to.push_back(std::move(word));
}

}  // namespace

void Command::flag(bool& into, std::string name, std::string says) {
    parameters.push_back(
        {std::move(name), "", std::move(says), false, [&into](const std::string&) { return into = true, ""; }});
}

std::string Command::usage() const {
    std::string text = words;
    for (const auto& parameter : parameters) {
        auto one = parameter.name.substr(0, parameter.name.find(','));
        if (!parameter.value.empty()) one += (one.empty() ? "" : " ") + parameter.value;
        text += parameter.required ? " " + one : " [" + one + "]";
    }
    return text;
}

const Command* Commands::find(const std::string& words) const {
    const auto found = std::ranges::find(all_, words, &Command::words);
    return found == all_.end() ? nullptr : &*found;
}

std::vector<std::string> Commands::nouns() const {
    std::vector<std::string> found;
    for (const auto& command : all_) add_once(found, command.noun());
    return found;
}

std::vector<std::string> Commands::verbs_of(const std::string& noun) const {
    std::vector<std::string> found;
    for (const auto& command : all_)
        if (command.noun() == noun && !command.verb().empty()) add_once(found, command.verb());
    return found;
}

Commands all_commands() {
    Commands commands;
    add_policy(commands);
    add_review(commands);
    add_rollout(commands);
    add_model(commands);
    add_timeline(commands);
    add_ledger(commands);
    add_request(commands);
    add_about(commands);
    return commands;
}

std::vector<Parameter> common_parameters(Common& into) {
    return {
        {"-o,--output", "table|json", "a table for people (default), or the server's JSON for programs", false,
         [&into](const std::string& typed) { return read_output(typed, into.json); }},
        {"--timeout", "SECONDS", "how long to wait for an answer: 1 to 600, default 20", false,
         [&into](const std::string& typed) { return read_timeout(typed, into.timeout_s); }},
        {"--as", "WHO", "whose token of ./dev up: trainer, reviewer-1, reviewer-2, operator, application or auditor",
         false, [&into](const std::string& typed) { return read_who(typed, into.as); }}};
}

}  // namespace sluice::cli
