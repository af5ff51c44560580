#include "cli/session.hpp"
#include "cli/table.hpp"
#include "cli/text.hpp"

#include <nlohmann/json.hpp>

#include <ostream>

namespace sluice::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string fact_of(const Json& page, const char* name) {
    if (!page.contains(name)) return {};
    const auto& fact = page[name];
    return fact.at("fact").get<std::string>() + " at position " + fact.at("position").dump() + ", " +
           utc(fact.at("time")) + " UTC";
}

struct Get {
    std::string id;

    void declare(Command& command) { command.word(id, "ID", "as an act that got no answer in time says it"); }

    Exit run(Session& session) const {
        const auto answer = session.ask({.path = "/v1/requests/" + path_segment(id)});
        if (session.wants_json()) return session.print_json(answer);
        const auto page = Json::parse(answer);
        print_pairs(session.out(), {{"request", page.at("id")},
                                    {"asks", page.at("fact").get<std::string>() + " at position " +
                                                 page.at("position").dump() + ", " + utc(page.at("time")) + " UTC"},
                                    {"actor", page.value("actor", "")},
                                    {"state", page.at("state")},
                                    {"refused", page.value("reason", "")},
                                    {"answer", fact_of(page, "answer")},
                                    {"conclusion", fact_of(page, "conclusion")}});
        return Exit::ok;
    }
};

}  // namespace

void add_request(Commands& commands) { commands.add<Get>("request get", "what became of something that was asked"); }

}  // namespace sluice::cli
