#include "cli/session.hpp"
#include "cli/table.hpp"
#include "cli/text.hpp"

#include <nlohmann/json.hpp>

#include <ostream>

namespace sluice::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string model_path(const std::string& model) { return "/v1/models/" + path_segment(model); }
std::string version_path(const OneVersion& of) {
    return model_path(of.model) + "/versions/" + std::to_string(of.version);
}

std::string number_or_none(const Json& number) { return number == 0 ? "-" : number.dump(); }

/// `champion=2 shadow=1`
std::string aliases_of(const Json& aliases) {
    std::vector<std::string> said;
    for (const auto& [alias, version] : aliases.items()) said.push_back(alias + "=" + version.dump());
    return said.empty() ? "-" : joined(said, " ");
}

std::string names(const Json& list) {
    std::vector<std::string> all;
    for (const auto& each : list) all.push_back(each);
    return all.empty() ? "-" : joined(all, ", ");
}

struct List {
    void declare(Command&) {}

    Exit run(Session& session) const {
        const auto answer = session.ask({.path = "/v1/models", .door = Door::registry});
        if (session.wants_json()) return session.print_json(answer);
        Table table{{"MODEL", "CHAMPION", "LATEST", "ALIASES"}};
        const auto page = Json::parse(answer);
        for (const auto& model : page.at("models"))
            table.add({model.at("model"), number_or_none(model.at("champion")), number_or_none(model.at("latest")),
                       aliases_of(model.at("aliases"))});
        if (table.empty())
            session.out() << "no model has a version yet\n";
        else
            table.print(session.out());
        return Exit::ok;
    }
};

struct Get {
    ModelOrVersion of;

    void declare(Command& command) { command.word(of, "MODEL[/N]", "a model, or one version of it"); }

    Exit run(Session& session) const {
        const auto path = of.version > 0 ? version_path({of.model, of.version}) : model_path(of.model);
        const auto answer = session.ask({.path = path, .door = Door::registry});
        if (session.wants_json()) return session.print_json(answer);
        const auto page = Json::parse(answer);
        of.version > 0 ? print_version(session.out(), page) : print_model(session.out(), page);
        return Exit::ok;
    }

    static void print_version(std::ostream& out, const Json& page) {
        const auto& artifact = page.at("artifact");
        print_pairs(
            out, {{"version", page.at("model").get<std::string>() + "/" + page.at("version").dump()},
                  {"stage", page.at("stage")},
                  {"run", page.at("run")},
                  {"submitter", page.at("submitter")},
                  {"registered", utc(page.at("registered_at")) + " UTC"},
                  {"artifact", artifact.at("digest").get<std::string>() + ", " + counted(artifact.at("size"), "byte")},
                  {"aliases", names(page.at("aliases"))},
                  {"completion", page.at("completion")}});
    }

    static void print_model(std::ostream& out, const Json& page) {
        print_pairs(out, {{"model", page.at("model")},
                          {"id", page.at("id")},
                          {"champion", number_or_none(page.at("champion"))},
                          {"aliases", aliases_of(page.at("aliases"))}});
        out << '\n';
        Table table{{"VERSION", "STAGE", "RUN", "SUBMITTER", "REGISTERED (UTC)", "ALIASES"}};
        for (const auto& version : page.at("versions"))
            table.add({version.at("version").dump(), version.at("stage"), version.at("run"), version.at("submitter"),
                       utc(version.at("registered_at")), names(version.at("aliases"))});
        table.print(out);
    }
};

struct Archive {
    OneVersion of;
    std::string reason;

    void declare(Command& command) {
        command.word(of, "MODEL/N", "a version, as in fraud/3");
        command.required(reason, "--reason", "TEXT", "why; it stays on the ledger");
    }

    Exit run(Session& session) const {
        const auto body = Json{{"reason", reason}}.dump();
        const auto answer = session.ask({version_path(of) + "/archive", "POST", body, Role::operators, Door::registry});
        if (session.wants_json()) return session.print_json(answer);
        session.out() << of.text() << " is archived\nnext: sluice model get " << of.model << "\n";
        return Exit::ok;
    }
};

struct SetAlias {
    ModelName model;
    std::string alias;
    std::uint32_t version = 0;
    std::optional<std::uint32_t> expect;

    void declare(Command& command) {
        command.word(model, "MODEL", "whose alias");
        command.word(alias, "ALIAS", "a name for one of its versions; only a rollout moves `champion`");
        command.word(version, "N", "the version that it is to point at");
        command.option(expect, "--expect", "N", "only if it points at this version now; 0: at none");
    }

    Exit run(Session& session) const {
        Json body{{"version", version}};
        if (expect) body["expected"] = *expect;
        const auto path = model_path(model.text) + "/aliases/" + path_segment(alias);
        const auto answer = session.ask({path, "PUT", body.dump(), Role::operators, Door::registry});
        if (session.wants_json()) return session.print_json(answer);
        session.out() << harmless(alias) << " points at " << model.text << "/" << version << "\nnext: sluice model get "
                      << model.text << "\n";
        return Exit::ok;
    }
};

}  // namespace

void add_model(Commands& commands) {
    commands.add<List>("model list", "all models, their champions and aliases");
    commands.add<Get>("model get", "a model and its versions, or one version");
    commands.add<Archive>("model archive", "takes a version out of everything, for good");
    commands.add<SetAlias>("alias set", "points an alias at a version");
}

}  // namespace sluice::cli
