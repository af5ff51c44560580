#include "cli/help.hpp"
#include "cli/text.hpp"

namespace sluice::cli {
namespace {

/// `--follow`, and `-n` where there is no long form.
std::string long_form(const std::string& name) { return name.substr(name.find(',') + 1); }

std::vector<std::string> options_of(const std::vector<Parameter>& parameters) {
    std::vector<std::string> names;
    for (const auto& parameter : parameters)
        if (!parameter.name.empty()) names.push_back(long_form(parameter.name));
    return names;
}

std::string offered(const std::string& when, const std::vector<std::string>& words) {
    return "    " + when + ") offers=\"" + joined(words, " ") + "\" ;;\n";
}

}  // namespace

std::string bash_completion(const Commands& commands) {
    Common unused;
    std::string cases = offered("1:*", commands.nouns());
    for (const auto& noun : commands.nouns())
        if (const auto verbs = commands.verbs_of(noun); !verbs.empty()) cases += offered("2:" + noun + ":*", verbs);
    for (const auto& command : commands.all()) {
        const auto options = options_of(command.parameters);
        if (!options.empty()) cases += offered("*:" + command.noun() + ":" + command.verb(), options);
    }
    return "# bash completion for sluice; use it with: eval \"$(sluice completion bash)\"\n"
           "_sluice() {\n"
           "    local current=${COMP_WORDS[COMP_CWORD]} offers=\n"
           "    case \"$COMP_CWORD:${COMP_WORDS[1]}:${COMP_WORDS[2]}\" in\n" +
           cases +
           "    esac\n"
           "    if [[ $current == -* ]]; then offers+=\" " +
           joined(options_of(common_parameters(unused)), " ") +
           " --help\"; fi\n"
           "    mapfile -t COMPREPLY < <(compgen -W \"$offers\" -- \"$current\")\n"
           "}\n"
           "complete -o default -F _sluice sluice\n";
}

}  // namespace sluice::cli
