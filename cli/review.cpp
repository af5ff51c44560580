#include "cli/evidence.hpp"
#include "cli/session.hpp"
#include "cli/table.hpp"
#include "cli/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <ostream>

namespace sluice::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string passed_of(const Json& gates) {
    const auto passed = std::ranges::count_if(gates, [](const Json& gate) { return gate.at("passed").get<bool>(); });
    return std::to_string(passed) + " of " + std::to_string(gates.size());
}

struct List {
    void declare(Command&) {}

    Exit run(Session& session) const {
        const auto answer = session.ask({.path = "/v1/reviews"});
        if (session.wants_json()) return session.print_json(answer);
        Table table{{"VERSION", "ROLE", "GATES PASSED", "SUBMITTER", "REQUESTED (UTC)", "EXPIRES (UTC)"}};
        const auto page = Json::parse(answer);
        for (const auto& review : page.at("reviews"))
            table.add({review.at("model").get<std::string>() + "/" + review.at("version").dump(), review.at("role"),
                       passed_of(review.at("gates")), review.at("submitter"), utc(review.at("requested_at")),
                       utc(review.at("expires_at"))});
        if (table.empty())
            session.out() << "nothing waits for a reviewer\n";
        else
            table.print(session.out());
        return Exit::ok;
    }
};

struct Show {
    OneVersion of;

    void declare(Command& command) { command.word(of, "MODEL/N", "a version, as in fraud/3"); }

    Exit run(Session& session) const {
        const auto answer = session.ask({.path = evidence_path(of)});
        if (session.wants_json()) return session.print_json(answer);
        print_evidence(session.out(), answer);
        return Exit::ok;
    }
};

struct Decide {
    bool approve = true;
    OneVersion of = {};
    std::string comment = {};
    std::optional<std::string> evidence = {};

    void declare(Command& command) {
        command.word(of, "MODEL/N", "a version, as in fraud/3");
        command.required(comment, "--comment", "TEXT", "why; it stays on the ledger");
        command.option(
            evidence, "--evidence", "DIGEST",
            "the evidence that you looked at (`review show` ends with it); default: what the console shows now");
        command.note("A review binds exactly this evidence: where it has changed, it ends with exit code 5.");
    }

    Exit run(Session& session) const {
        const auto bound = evidence ? *evidence : evidence_now(session);
        const Json body{{"model", of.model},
                        {"version", of.version},
                        {"decision", approve ? "approve" : "reject"},
                        {"comment", comment},
                        {"evidence", bound}};
        const auto answer = session.ask({"/v1/reviews", "POST", body.dump(), Role::reviewer});
        if (session.wants_json()) return session.print_json(answer);
        session.out() << of.text() << ": approval " << harmless(Json::parse(answer).at("approval").get<std::string>())
                      << "\nevidence " << harmless(bound) << "\nnext: sluice timeline " << of.text() << "\n";
        return Exit::ok;
    }

    std::string evidence_now(Session& session) const {
        const auto page = Json::parse(session.ask({.path = evidence_path(of), .as = Role::reviewer}));
        if (page.contains("evidence")) return page["evidence"];
        throw Ended{Exit::conflict, of.text() + " has no evidence to review yet: it is " +
                                        harmless(page.at("text").get<std::string>()) +
                                        "; look at it with: sluice review show " + of.text()};
    }
};

}  // namespace

void add_review(Commands& commands) {
    commands.add<List>("review list", "the versions that wait for a reviewer");
    commands.add<Show>("review show", "all evidence for a version: completion, gates, difference to the champion");
    commands.add<Decide>("review approve", "lets a version go live, on exactly this evidence", {.approve = true});
    commands.add<Decide>("review reject", "says no to a version", {.approve = false});
}

}  // namespace sluice::cli
