#pragma once
#include "cli/names.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace sluice::cli {

class Session;
enum class Exit;

/// What a command takes: a word in its place (`MODEL/N`), an option with a value (`--comment TEXT`), or one without.
struct Parameter {
    std::string name;   ///< `--from`; `-f,--follow` where it has a short form; empty for a word in its place
    std::string value;  ///< what stands for the value in the help; empty for an option without one
    std::string what;
    bool required = false;
    std::function<std::string(const std::string& typed)> take;  ///< keeps it; or what is wrong with it
};

/// One command as declared, once: parsing, help, completion and the page in docs/ are made of this.
struct Command {
    std::string words;  ///< `policy apply`
    std::string what;   ///< in one line
    std::vector<Parameter> parameters;
    std::vector<std::string> notes;  ///< what the help says besides
    std::function<Exit(Session&)> run;

    template <class T> void word(T& into, std::string name, std::string says) {
        add("", std::move(name), std::move(says), true, into);
    }
    template <class T> void option(T& into, std::string name, std::string value, std::string says) {
        add(std::move(name), std::move(value), std::move(says), false, into);
    }
    template <class T> void required(T& into, std::string name, std::string value, std::string says) {
        add(std::move(name), std::move(value), std::move(says), true, into);
    }
    void flag(bool& into, std::string name, std::string says);
    void note(std::string text) { notes.push_back(std::move(text)); }

    std::string noun() const { return words.substr(0, words.find(' ')); }
    std::string verb() const { return words.find(' ') == std::string::npos ? "" : words.substr(words.find(' ') + 1); }
    /// `policy apply FILE.yaml [--expect N]`
    std::string usage() const;

private:
    template <class T> void add(std::string name, std::string value, std::string says, bool is_required, T& into) {
        parameters.push_back({std::move(name), std::move(value), std::move(says), is_required,
                              [&into](const std::string& typed) { return read(typed, into); }});
    }
};

class Commands {
public:
    /// `Act` is the command's arguments with `declare(Command&)` and `Exit run(Session&)`.
    template <class Act> void add(std::string words, std::string what, Act given = {}) {
        const auto act = std::make_shared<Act>(std::move(given));
        Command command{
            std::move(words), std::move(what), {}, {}, [act](Session& session) { return act->run(session); }};
        act->declare(command);
        all_.push_back(std::move(command));
    }

    const std::vector<Command>& all() const { return all_; }
    const Command* find(const std::string& words) const;
    /// In the order in which they were added.
    std::vector<std::string> nouns() const;
    /// None where the noun stands alone, as `version` does.
    std::vector<std::string> verbs_of(const std::string& noun) const;

private:
    std::vector<Command> all_;
};

void add_policy(Commands& commands);
void add_review(Commands& commands);
void add_rollout(Commands& commands);
void add_model(Commands& commands);
void add_timeline(Commands& commands);
void add_ledger(Commands& commands);
void add_request(Commands& commands);
void add_about(Commands& commands);

Commands all_commands();

/// What every command takes besides its own.
struct Common {
    bool json = false;
    std::uint64_t timeout_s = 20;  ///< 1 to 600
    std::string as;                ///< which of the tokens of ./dev; empty: what the command needs
};
std::vector<Parameter> common_parameters(Common& into);

}  // namespace sluice::cli
