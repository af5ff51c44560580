#include "cli/policy_file.hpp"
#include "cli/session.hpp"
#include "cli/table.hpp"
#include "cli/text.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <iterator>
#include <ostream>

namespace sluice::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t file_size_max = 1 << 20;

std::string all_of(std::istream& in, const std::string& name) {
    std::string text(file_size_max + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (text.size() > file_size_max) throw Ended{Exit::failure, name + " is larger than 1 MiB; is it the right file?"};
    return text;
}

struct Apply {
    std::string file;
    std::optional<std::uint32_t> expect;

    void declare(Command& command) {
        command.word(file, "FILE.yaml", "the policy; - reads it from standard input");
        command.option(expect, "--expect", "N", "the policy's version now, 0 for none; default: what it is now");
        command.note("Nobody's change is overwritten: where the policy has moved since, it ends with exit code 5.");
        command.note("What is wrong in the file is said as FILE:line:column. Unchanged rules are no new version.");
    }

    Exit run(Session& session) const {
        const auto policy = read_policy(file == "-" ? "(stdin)" : file, text(session));
        const Json body{{"policy", Json::parse(policy.document.json)},
                        {"expected_version", expect ? *expect : version_now(session, policy.model)}};
        return report(session, post(session, policy, body.dump()));
    }

    std::string text(Session& session) const {
        if (file == "-") return all_of(session.around().in, "standard input");
        std::ifstream in{session.around().folder / file, std::ios::binary};
        if (!in.good()) throw Ended{Exit::failure, file + " cannot be read; is it there?"};
        return all_of(in, file);
    }

    static std::uint32_t version_now(Session& session, const std::string& model) {
        const auto page = session.find({.path = "/v1/policies/" + path_segment(model), .as = Role::operators});
        return page ? Json::parse(*page).at("version").get<std::uint32_t>() : 0;
    }

    static std::string post(Session& session, const PolicyFile& policy, std::string body) {
        try {
            return session.ask({"/v1/policies", "POST", std::move(body), Role::operators});
        } catch (const Refused& refused) {
            if (session.wants_json()) throw;
            if (refused.problem.code == "version_has_moved")
                throw Ended{refused.exit, refused.what() + ("\nlook at it with: sluice policy get " + policy.model)};
            if (refused.problem.errors.empty()) throw;
            throw Ended{refused.exit, "the policy was refused; correct it and apply it again:\n" +
                                          errors_in_file(policy, refused.problem)};
        }
    }

    static Exit report(Session& session, const std::string& answer) {
        if (session.wants_json()) return session.print_json(answer);
        const auto page = Json::parse(answer);
        const auto model = page.at("model").get<std::string>();
        session.out() << "policy of " << model << ": version " << page.at("version");
        if (page.value("unchanged", false))
            session.out() << ", unchanged\n";
        else
            session.out() << " is published\nnext: sluice policy get " << model << "\n";
        return Exit::ok;
    }
};

struct Get {
    ModelName model;

    void declare(Command& command) { command.word(model, "MODEL", "whose policy"); }

    Exit run(Session& session) const {
        const auto answer = session.ask({.path = "/v1/policies/" + path_segment(model.text)});
        if (session.wants_json()) return session.print_json(answer);
        const auto page = Json::parse(answer);
        print_pairs(session.out(), {{"policy of", page.at("model")},
                                    {"version", page.at("version").dump()},
                                    {"published", utc(page.at("published_at")) + " UTC"},
                                    {"by", page.value("actor", "")}});
        session.out() << '\n' << page.at("policy").dump(2) << "\n\n";
        Table history{{"VERSION", "POSITION", "TIME (UTC)", "ACTOR"}};
        for (const auto& each : page.at("history"))
            history.add(
                {each.at("version").dump(), each.at("position").dump(), utc(each.at("time")), each.value("actor", "")});
        history.print(session.out());
        return Exit::ok;
    }
};

}  // namespace

void add_policy(Commands& commands) {
    commands.add<Apply>("policy apply", "publishes the rules for a model");
    commands.add<Get>("policy get", "the rules that hold for a model, and when they changed");
}

}  // namespace sluice::cli
