#include "tests/vocabulary/schema.hpp"

#include "events/telemetry.hpp"
#include "tests/vocabulary/tree.hpp"

namespace sluice::vocabulary {
namespace {

Json text(const char* pattern, const char* about) {
    return {{"type", "string"}, {"pattern", pattern}, {"description", about}};
}
Json uuid(const char* about) { return text(uuid_pattern, about); }
Json any_text(const char* about) { return {{"type", "string"}, {"minLength", 1}, {"description", about}}; }

/// docs/architecture.md, "Envelope".
Json envelope() {
    const auto decimal = "^[0-9]{1,20}$";
    Json properties{
        {"specversion", {{"const", "1.0"}}},
        {"type", text("^io\\.sluice\\.[A-Za-z]+\\.v[1-9][0-9]{0,3}$", "the fact's name and schema version")},
        {"id", uuid("derived: the same fact has the same id, whoever writes it and how often")},
        {"seen", text(decimal, "how many records the writer had folded, without finding this id, when it sent")},
        {"source", text("^/sluice/[^/]+/[^/]+$", "/sluice/<cell>/<service>")},
        {"subject", any_text("what the fact is about")},
        {"time", {{"type", "string"}, {"format", "date-time"}, {"description", "when it became true"}}},
        {"dataschema", text("^urn:sluice:schema:[A-Za-z]+:[1-9][0-9]{0,3}$", "the schema of data")},
        {"partitionkey", any_text("the model, else the subject")},
        {"basis", text(decimal, "the position that it rests on")},
        {"causationid", uuid("the fact that caused it; absent where the cause lies outside the ledger")},
        {"correlationid", uuid("the first fact of the chain")},
        {"authtype", {{"const", "api_key"}}},
        {"authid", any_text("an opaque id of the person or job whose act it is")},
        {"traceparent", any_text("W3C Trace Context, carried through every hop")},
        {"data", {{"type", "object"}}},
    };
    Json required{"specversion", "type",       "id",           "seen",          "source", "subject",
                  "time",        "dataschema", "partitionkey", "correlationid", "data"};
    return {{"type", "object"}, {"properties", properties}, {"required", required}, {"additionalProperties", false}};
}

std::string text_of(const Json& schema) { return schema.dump(2) + "\n"; }

}  // namespace

Files schemas() {
    Files files;
    const std::string urn = "urn:sluice:schema:", folder = "events/schemas/";
    events::for_each_fact<events::AllFacts>([&]<class Fact>(std::type_identity<Fact>) {
        const std::string name{Fact::name}, version = std::to_string(Fact::schema_version);
        files[folder + name + ".v" + version + ".json"] =
            text_of(document(urn + name + ":" + version, Fact::name, Fact::about, schema_of<Fact>()));
    });
    files[folder + "Envelope.json"] =
        text_of(document(urn + "Envelope", "Envelope", "a record of sluice.ledger, whatever its fact", envelope()));
    files[folder + "TelemetryWindow.json"] =
        text_of(document(urn + "TelemetryWindow", "TelemetryWindow",
                         "what a serving node has seen since its last window", schema_of<events::TelemetryWindow>()));
    return files;
}

}  // namespace sluice::vocabulary
