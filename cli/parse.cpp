#include "cli/parse.hpp"

#include "cli/ended.hpp"
#include "cli/help.hpp"
#include "cli/text.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace sluice::cli {
namespace {

bool asks_for_help(const std::string& argument) { return argument == "-h" || argument == "--help"; }

Ended misused(const std::string& what, const std::string& advice) { return {Exit::usage, what + "; " + advice}; }

Ended unknown_word(const std::string& kind, const std::string& typed, const std::string& before,
                   const std::vector<std::string>& known) {
    const auto meant = nearest(typed, known);
    return misused("there is no " + kind + " '" + harmless(before + typed) + "'",
                   meant ? "did you mean '" + before + *meant + "'?" : "there is: " + joined(known, ", "));
}

/// `--follow` of `-f,--follow`.
std::string long_name(const Parameter& option) { return option.name.substr(option.name.find(',') + 1); }
std::string short_name(const Parameter& option) { return option.name.substr(0, option.name.find(',')); }

/// Does this option take the argument after it?
bool takes_next(const std::vector<Parameter>& common, const std::string& argument) {
    return std::ranges::any_of(common, [&](const Parameter& option) {
        return argument == long_name(option) || argument == short_name(option);
    });
}

/// Where the first word after `from` stands that is neither an option nor its value; the size where there is none.
std::size_t word_after(const std::vector<Parameter>& common, const std::vector<std::string>& arguments,
                       std::size_t from) {
    for (auto i = from; i < arguments.size(); ++i) {
        if (!arguments[i].starts_with('-') || arguments[i] == "-") return i;
        if (takes_next(common, arguments[i])) ++i;
    }
    return arguments.size();
}

std::string option_name(const Parameter& parameter) {
    return parameter.name.empty() ? parameter.value : parameter.name;
}

class Line {
public:
    Line(const Command& command, std::vector<Parameter> common) : command_{command}, common_{std::move(common)} {
        app_.set_help_flag();
        app_.allow_extras();  // whoever mistyped --reason is to hear that, not that --reason is missing
        for (const auto& parameter : command_.parameters) add(parameter);
        for (const auto& parameter : common_) add(parameter);
    }

    void read(std::vector<std::string> arguments) {
        std::ranges::reverse(arguments);
        try {
            app_.parse(std::move(arguments));
        } catch (const CLI::ParseError& error) {
            throw wrong(error.what());
        }
        if (const auto left = app_.remaining(); !left.empty()) throw extra(left.front());
        for (const auto* option : required_)
            if (option->count() == 0) throw wrong(option->get_name() + " is missing");
    }

private:
    void add(const Parameter& parameter) {
        const auto name = option_name(parameter);
        if (parameter.value.empty()) {
            app_.add_flag_callback(name, [&parameter] { parameter.take(""); });
            return;
        }
        auto* option = app_.add_option_function<std::string>(name, [this, &parameter](const std::string& typed) {
            if (const auto why = parameter.take(typed); !why.empty()) throw wrong(why);
        });
        option->allow_extra_args(false)->expected(1);
        if (parameter.required) required_.push_back(option);
    }

    Ended wrong(const std::string& why) const { return misused(why, "usage: sluice " + command_.usage()); }

    Ended extra(const std::string& first) const {
        if (!first.starts_with("-")) return wrong("'" + harmless(first) + "' is one argument too many");
        std::vector<std::string> known{"--help"};
        for (const auto& parameter : command_.parameters) known.push_back(long_name(parameter));
        for (const auto& parameter : common_) known.push_back(long_name(parameter));
        return unknown_word("option", first.substr(0, first.find('=')), "", known);
    }

    const Command& command_;
    std::vector<Parameter> common_;
    CLI::App app_;
    std::vector<CLI::Option*> required_;
};

/// Takes the command's words out of `arguments`.
const Command* take_command(const Commands& commands, const std::vector<Parameter>& common,
                            std::vector<std::string>& arguments, std::string& noun) {
    const auto first = word_after(common, arguments, 0);
    if (first == arguments.size()) return nullptr;
    noun = arguments[first];
    const auto nouns = commands.nouns();
    if (std::ranges::find(nouns, noun) == nouns.end()) throw unknown_word("command", noun, "", nouns);
    const auto at = [&](std::size_t i) { return arguments.begin() + static_cast<std::ptrdiff_t>(i); };
    if (const auto* alone = commands.find(noun)) return arguments.erase(at(first)), alone;
    const auto second = word_after(common, arguments, first + 1);
    if (second == arguments.size()) return nullptr;
    const auto verb = arguments[second];
    const auto* command = commands.find(noun + " " + verb);
    if (!command) throw unknown_word("command", verb, noun + " ", commands.verbs_of(noun));
    arguments.erase(at(second));
    arguments.erase(at(first));
    return command;
}

/// `help WORDS` and `--version` as what they stand for.
std::vector<std::string> spelled_out(std::vector<std::string> arguments) {
    if (arguments == std::vector<std::string>{"--version"}) return {"version"};
    if (arguments.front() == "help") arguments.erase(arguments.begin()), arguments.push_back("--help");
    return arguments;
}

}  // namespace

Asked parse(const Commands& commands, const std::vector<std::string>& given) {
    Asked asked;
    if (given.empty()) return asked.help = short_help(commands), asked;
    if (given == std::vector<std::string>{"--help-page"}) return asked.help = help_page(commands), asked;
    auto arguments = spelled_out(given);
    const bool wants_help = std::ranges::any_of(arguments, asks_for_help);
    auto common = common_parameters(asked.common);
    std::string noun;
    asked.command = take_command(commands, common, arguments, noun);
    if (wants_help)
        asked.help = asked.command  ? help_of(*asked.command)
                     : noun.empty() ? full_help(commands)
                                    : help_of_noun(commands, noun);
    else if (!asked.command && noun.empty())
        throw misused("a command is missing", "sluice --help lists them");
    else if (!asked.command)
        throw misused("'" + noun + "' wants a second word", "one of: " + joined(commands.verbs_of(noun), ", "));
    else
        Line{*asked.command, std::move(common)}.read(std::move(arguments));
    return asked;
}

}  // namespace sluice::cli
