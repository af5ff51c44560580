#include "events/codec.hpp"
#include "tests/vocabulary/deciders.hpp"
#include "tests/vocabulary/sample.hpp"
#include "tests/vocabulary/schema.hpp"
#include "tests/vocabulary/tree.hpp"

#include <optional>

namespace sluice::vocabulary {
namespace {

using namespace events;

template <class Fact> std::string path_of() {
    return "events/examples/" + std::string(Fact::name) + ".v" + std::to_string(Fact::schema_version) + ".json";
}

/// Whose alarm or measurement it is, where the fact alone does not say; and by which name its id is derived.
template <class Fact> std::pair<std::string_view, std::string_view> writer_and_debt() {
    std::pair<std::string_view, std::string_view> found{Fact::writer, Fact::name};
    for_each_decider([&]<class Decider>(std::type_identity<Decider>) {
        constexpr auto effect = effect_behind<Decider, Fact>();
        const bool anybody = found.first == "each";
        if (!effect.empty() && (anybody || found.first == Decider::name)) found = {Decider::name, effect};
    });
    return found;
}

std::string_view actor_of(std::string_view writer, std::string_view fact) {
    if (writer == "listener") return "trainer-1";
    return fact == ReviewSubmitted::name ? "reviewer-1" : "operator-1";
}

/// Outsiders' acts bring their own ids; all else has a cause on the ledger.
template <class Fact> core::Stamp stamp_of() {
    const auto [writer, debt] = writer_and_debt<Fact>();
    core::Stamp stamp;
    stamp.cell = "main", stamp.service = writer;
    stamp.time = *core::from_rfc3339("2026-01-31T12:34:56.789Z");
    stamp.basis = 4711, stamp.seen = 4713;
    stamp.trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    if (Fact::kind == Kind::request || Fact::writer == "listener") {
        stamp.actor = actor_of(writer, Fact::name);
        stamp.id = core::external_id(stamp.actor, "/examples/fraud", Fact::name);
        return stamp;
    }
    stamp.cause = core::external_id("trainer-1", "/examples/fraud", "cause of " + std::string(Fact::name));
    stamp.correlation = core::external_id("trainer-1", "/examples/fraud", TrainingCompleted::name);
    stamp.id = core::derive({stamp.cell, stamp.service, {}}, stamp.cause, debt);
    return stamp;
}

core::Stamp stamp_again(const Parsed& parsed) {
    const auto& head = parsed.head;
    return {head.id,    head.cause, head.correlation, parsed.has_basis ? std::optional{head.basis} : std::nullopt,
            head.seen,  head.time,  parsed.cell,      head.service,
            head.actor, head.trace};
}

template <class Fact> bool is_golden_of(std::string_view value) {
    const auto parsed = parse(value);
    if (!parsed || parsed->type != type_of<Fact>()) return false;
    const auto decoded = data_as<Fact>(*parsed);
    return decoded.value && write(stamp_again(*parsed), *decoded.value).value == value;
}

Json derived(core::Writer writer, const core::FactId& cause, const std::string& debt, const std::string& slot) {
    return {{"cell", writer.cell},
            {"service", writer.service},
            {"instance", writer.instance},
            {"cause", core::to_text(cause)},
            {"debt", debt},
            {"slot", slot},
            {"fact_id", core::to_text(core::derive(writer, cause, debt, slot))}};
}

Json external(const std::string& subject, const std::string& source, const std::string& id) {
    return {{"subject", subject},
            {"source", source},
            {"id", id},
            {"fact_id", core::to_text(core::external_id(subject, source, id))}};
}

}  // namespace

bool is_golden(const std::string& path, std::string_view text) {
    bool golden = false;
    if (text.empty() || text.back() != '\n') return false;
    for_each_fact<AllFacts>([&]<class Fact>(std::type_identity<Fact>) {
        if (path == path_of<Fact>()) golden = is_golden_of<Fact>(text.substr(0, text.size() - 1));
    });
    return golden;
}

Files examples() {
    Files files;
    for_each_fact<AllFacts>([&]<class Fact>(std::type_identity<Fact>) {
        files[path_of<Fact>()] = write(stamp_of<Fact>(), sample<Fact>(Fact::name)).value + "\n";
    });
    return files;
}

Files ids() {
    const auto cause = core::external_id("trainer-1", "/examples/fraud", "completed-7");
    Json vectors;
    vectors["rule"] =
        "UUIDv8: the first 16 bytes of SHA-256, version 8, variant 10 (RFC 9562); lp(x) = length of x in "
        "bytes as 32 bits, big endian, then x";
    vectors["derive"] = {{"of", "lp(cell) lp(service) lp(instance) cause(16 bytes) lp(debt) lp(slot)"},
                         {"vectors",
                          {
                              derived({"main", "registry", ""}, cause, "ModelVersionRegistered", ""),
                              derived({"main", "evaluator", ""}, cause, "RunEvaluation", ""),
                              derived({"main", "deployer", ""}, cause, "MeasureCanary", "4"),
                              derived({"main", "deployer", ""}, cause, "MeasureCanary", "14"),
                              derived({"main", "serving", "2"}, {}, "ServingNodeJoined", "serving-2/5f0c2a9be7d14c33"),
                              derived({"", "", ""}, {}, "", ""),
                              derived({"mai", "nregistry", ""}, cause, "ModelVersionRegistered", ""),
                              derived({"größe", "registry", ""}, cause, "Modèle", "模型 🙂"),
                              derived({"main", "approver", ""}, {~0ull, ~0ull}, "WakeAt", std::string("a\0b", 3)),
                          }}};
    vectors["external"] = {{"of", "lp(subject) lp(source) lp(id)"},
                           {"vectors",
                            {
                                external("trainer-1", "/examples/fraud", "completed-7"),
                                external("trainer-2", "/examples/fraud", "completed-7"),
                                external("reviewer-1", "console", "3f6c0a52-6d1e-4b0e-9d52-5a4e6f8f0a11"),
                                external("", "", ""),
                                external("trainer-1/", "examples/fraud", "completed-7"),
                                external("trainer-1", "/größe", "模型 🙂"),
                            }}};
    return {{"events/examples/ids.json", vectors.dump(2) + "\n"}};
}

}  // namespace sluice::vocabulary
