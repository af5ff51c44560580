#include "cli/session.hpp"
#include "cli/table.hpp"
#include "cli/text.hpp"

#include <nlohmann/json.hpp>

#include <ostream>

namespace sluice::cli {
namespace {

using Json = nlohmann::ordered_json;

void print_left_out(std::ostream& out, const Json& page) {
    const auto left_out = page.value("left_out", std::uint64_t{0});
    if (left_out > 0) out << "left out, because they are older: " << left_out << "\n";
}

void print_entries(std::ostream& out, const Json& page, bool with_versions) {
    Table::Row headers{"POSITION", "TIME (UTC)", "FACT", "ACTOR", "WHAT"};
    if (with_versions) headers.insert(headers.begin() + 2, "VERSION");
    Table table{headers};
    for (const auto& entry : page.at("timeline")) {
        Table::Row row{entry.at("position").dump(), utc(entry.at("time")), entry.at("fact"), entry.value("actor", "-"),
                       entry.at("text")};
        if (with_versions) row.insert(row.begin() + 2, entry.contains("version") ? entry["version"].dump() : "-");
        table.add(row);
    }
    print_left_out(out, page);
    table.print(out);
}

void print_model(std::ostream& out, const Json& page) {
    Table table{{"VERSION", "STAGE", "CHAMPION", "RUN", "SUBMITTER", "REGISTERED (UTC)", "WHAT"}};
    for (const auto& version : page.at("versions"))
        table.add({version.at("version").dump(), version.at("stage"), version.at("champion").get<bool>() ? "yes" : "-",
                   version.at("run"), version.at("submitter"), utc(version.at("registered_at")), version.at("text")});
    if (!table.empty()) table.print(out), out << '\n';
    print_entries(out, page, true);
}

void print_version(std::ostream& out, const Json& page) {
    out << harmless(page.at("model").get<std::string>()) << "/" << page.at("version") << ": "
        << harmless(page.at("text").get<std::string>()) << "\n\n";
    print_entries(out, page, false);
}

struct Tell {
    ModelOrVersion of;

    void declare(Command& command) { command.word(of, "MODEL[/N]", "a model, or one version of it"); }

    Exit run(Session& session) const {
        const auto version = of.version > 0 ? "/" + std::to_string(of.version) : "";
        const auto answer = session.ask({.path = "/v1/timeline/" + path_segment(of.model) + version});
        if (session.wants_json()) return session.print_json(answer);
        const auto page = Json::parse(answer);
        of.version > 0 ? print_version(session.out(), page) : print_model(session.out(), page);
        return Exit::ok;
    }
};

}  // namespace

void add_timeline(Commands& commands) {
    commands.add<Tell>("timeline", "the story of a model or a version, from the ledger");
}

}  // namespace sluice::cli
