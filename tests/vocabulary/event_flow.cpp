#include "tests/vocabulary/deciders.hpp"
#include "tests/vocabulary/flow.hpp"
#include "tests/vocabulary/tree.hpp"

namespace sluice::vocabulary {
namespace {

std::string joined(const std::vector<std::string>& all, const std::string& between) {
    std::string text;
    for (const auto& each : all) text += (text.empty() ? "" : between) + each;
    return text;
}

std::string or_only_the_mirror(const std::string& readers) { return readers.empty() ? "(mirror)" : readers; }

std::string table_of_facts() {
    std::string text = "| fact | kind | writer | readers | meaning |\n|---|---|---|---|---|\n";
    events::for_each_fact<events::AllFacts>([&]<class Fact>(std::type_identity<Fact>) {
        text += "| " + std::string(Fact::name) + " | " + std::string(core::name_of(Fact::kind)) + " | " +
                joined(writers_of<Fact>(), ", ") + " | " + or_only_the_mirror(joined(readers_of<Fact>(), ", ")) +
                " | " + std::string(Fact::about) + " |\n";
    });
    return text;
}

std::string table_of_effects() {
    std::string text = "| service | asks for | which ends in |\n|---|---|---|\n";
    for_each_decider([&]<class Decider>(std::type_identity<Decider>) {
        events::for_each_fact<typename Decider::Effects>([&]<class Effect>(std::type_identity<Effect>) {
            if constexpr (!std::is_same_v<Effect, core::NoEffect>) {
                std::vector<std::string> outcomes;
                events::for_each_fact<typename Effect::Outcomes>(
                    [&]<class Fact>(std::type_identity<Fact>) { outcomes.emplace_back(Fact::name); });
                text += "| " + std::string(Decider::name) + " | " + std::string(Effect::name) + " | " +
                        joined(outcomes, " or ") + " |\n";
            }
        });
    });
    return text;
}

/// Of the outcome of an effect each hears its own only.
template <class Fact> bool is_own_outcome_of(const std::string& reader) {
    bool own = false;
    for_each_decider([&]<class Decider>(std::type_identity<Decider>) {
        own |= Decider::name == reader && !effect_behind<Decider, Fact>().empty();
    });
    return own;
}

/// Who hears what from whom. The console reads nearly all, to answer questions: it is drawn as a writer only.
std::string picture() {
    std::map<std::pair<std::string, std::string>, std::vector<std::string>> edges;
    events::for_each_fact<events::AllFacts>([&]<class Fact>(std::type_identity<Fact>) {
        for (const auto& writer : writers_of<Fact>())
            for (const auto& reader : readers_of<Fact>())
                if (writer != reader && reader != "console" && !is_own_outcome_of<Fact>(reader))
                    edges[{writer, reader}].emplace_back(Fact::name);
    });
    std::string text = "```mermaid\nflowchart TD\n";
    for (const auto& [ends, facts] : edges)
        text += "    " + ends.first + " -- \"" + joined(facts, "<br/>") + "\" --> " + ends.second + "\n";
    return text + "```\n";
}

}  // namespace

Files event_flow() {
    return {
        {"docs/event-flow.md",
         "# Event flow\n\n"
         "Which service writes which fact to `sluice.ledger`, and who reads it. Generated from the types "
         "(`events/*.hpp`, `services/*/decider.hpp`):\nafter a change there, run `./dev vocabulary write`.\n\n"
         "## Picture\n\n"
         "Only what one service reads of another. Not drawn: what a service reads of its own, what the console "
         "reads to answer questions,\nand the mirror, which copies every record.\n\n" +
             picture() +
             "\n## Facts\n\n"
             "*decided*: a pure function of the ledger up to its cause. *observed*: brings something from outside. "
             "*request*: what a person or a job asks for;\neach is answered by exactly one decided fact, a refusal "
             "included.\n\n" +
             table_of_facts() +
             "\n## Effects\n\n"
             "What a service asks the outside for. The outcome comes back as an observed fact, which it reads.\n\n" +
             table_of_effects()}};
}

}  // namespace sluice::vocabulary
