#include "cli/help.hpp"

#include "cli/text.hpp"

#include <algorithm>

namespace sluice::cli {
namespace {

using Lines = std::vector<std::pair<std::string, std::string>>;

constexpr auto usage = "usage: sluice COMMAND [ARGUMENTS] [-o table|json] [--timeout SECONDS] [--as WHO]\n";
constexpr auto examples = R"(
  sluice review list                                    # what waits for a reviewer
  sluice review show fraud/3                            # all evidence for it
  sluice review approve fraud/3 --comment "fewer misses on the same rows"
  sluice rollout watch fraud                            # its canary, step by step
  sluice timeline fraud/3                               # its whole story
)";

const Lines& settings() {
    static const Lines lines{
        {"SLUICE_CONSOLE_URL", "where the console is, as in http://127.0.0.1:8080"},
        {"SLUICE_REGISTRY_URL", "where the registry is, for model and alias"},
        {"SLUICE_KAFKA_BROKERS", "HOST:PORT,..., for ledger tail"},
        {"SLUICE_TOKEN", "the token to ask with"},
        {"SLUICE_TOKEN_FILE", "a file that holds it"},
        {"SLUICE_TOKEN_AUDITOR", "without these two: to read"},
        {"SLUICE_TOKEN_OPERATOR", "... for policies, rollouts, aliases and archiving"},
        {"SLUICE_TOKEN_REVIEWER_1", "... to approve and reject"},
        {"SLUICE_DEV_DIR", "the folder whose file `env` has what the environment has not; else .dev, here or above"},
    };
    return lines;
}

const Lines& exits() {
    static const Lines lines{
        {"0", "done"},
        {"1", "it failed: nobody answers, a setting is missing, a file is wrong"},
        {"2", "the command line is wrong; nothing was asked"},
        {"3", "denied or refused; of rollout watch: it ended otherwise than promoted"},
        {"4", "there is no such thing"},
        {"5", "a conflict: something has moved since, or it is not the time for that"},
        {"124", "no answer in time; it may still be done: sluice request get ID tells"},
    };
    return lines;
}

std::string in_columns(const Lines& lines, std::size_t indent = 2) {
    std::size_t width = 0;
    for (const auto& [name, what] : lines) width = std::max(width, name.size());
    std::string text;
    for (const auto& [name, what] : lines)
        text += std::string(indent, ' ') + name + std::string(width - name.size() + 2, ' ') + what + "\n";
    return text;
}

std::string shown(const Parameter& parameter) {
    auto name = parameter.name;
    if (const auto comma = name.find(','); comma != std::string::npos) name.insert(comma + 1, " ");
    return name + (name.empty() || parameter.value.empty() ? "" : " ") + parameter.value;
}

Lines lines_of(const std::vector<Parameter>& parameters) {
    Lines lines;
    for (const auto& parameter : parameters) lines.emplace_back(shown(parameter), parameter.what);
    return lines;
}

Lines common_lines() {
    Common unused;
    auto lines = lines_of(common_parameters(unused));
    lines.emplace_back("-h, --help", "says what a command does and takes");
    return lines;
}

std::string list_of(const Commands& commands) {
    Lines lines;
    for (const auto& command : commands.all()) lines.emplace_back(command.words, command.what);
    return in_columns(lines);
}

// In a table of Markdown a bar ends the cell, also between backticks.
std::string escaped(std::string text) {
    for (auto at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2)) text.insert(at, "\\");
    return text;
}

std::string row_of(const std::string& name, const std::string& what) {
    return "| `" + escaped(name) + "` | " + escaped(what) + " |\n";
}

std::string markdown(const Lines& lines) {
    std::string text = "\n| | |\n|---|---|\n";
    for (const auto& [name, what] : lines) text += row_of(name, what);
    return text;
}

std::string sentence(std::string text) {
    text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
    return text + ".";
}

std::string page_part(const Command& command) {
    auto text = "\n### sluice " + command.words + "\n\n    sluice " + command.usage() + "\n\n" + sentence(command.what);
    for (const auto& note : command.notes) text += " " + note;
    text += "\n";
    return command.parameters.empty() ? text : text + markdown(lines_of(command.parameters));
}

}  // namespace

std::string short_help(const Commands& commands) {
    return std::string("sluice: from a trained model to served traffic, and back\n\n") + usage + examples +
           "\ncommands\n" + list_of(commands) +
           "\nsluice COMMAND --help says more of one; sluice --help, of settings and exit codes.\n";
}

std::string full_help(const Commands& commands) {
    return std::string("sluice: from a trained model to served traffic, and back\n\n") + usage + examples +
           "\ncommands\n" + list_of(commands) + "\noptions of all\n" + in_columns(common_lines()) +
           "\nsettings, from the environment, else from .dev/env\n" + in_columns(settings()) + "\nexit codes\n" +
           in_columns(exits());
}

std::string help_of(const Command& command) {
    auto text = "usage: sluice " + command.usage() + "\n\n" + sentence(command.what) + "\n";
    for (const auto& note : command.notes) text += note + "\n";
    if (!command.parameters.empty()) text += "\n" + in_columns(lines_of(command.parameters));
    return text + "\noptions of all\n" + in_columns(common_lines());
}

std::string help_of_noun(const Commands& commands, const std::string& noun) {
    Lines lines;
    for (const auto& command : commands.all())
        if (command.noun() == noun) lines.emplace_back("sluice " + command.usage(), command.what);
    return "usage: sluice " + noun + " COMMAND\n\n" + in_columns(lines);
}

std::string help_page(const Commands& commands) {
    std::string text =
        "# The command `sluice`\n\nFor reviewers and operators. This page is made by "
        "`sluice --help-page`; a test compares it.\n\n```sh";
    text += examples;
    text +=
        "```\n\nTables are for people, with times in UTC; `-o json` prints the server's JSON, a line, for programs. "
        "Messages go to stderr.\nTokens are never printed.\n";
    text += "\n## Options of all commands\n" + markdown(common_lines());
    text +=
        "\n## Settings\n\nFrom the environment, else from the file that `./dev up` writes.\n" + markdown(settings());
    text += "\n## Exit codes\n" + markdown(exits()) + "\n## Commands\n";
    for (const auto& command : commands.all()) text += page_part(command);
    return text;
}

}  // namespace sluice::cli
