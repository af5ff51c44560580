#include "services/listener/api/cloud_event.hpp"

#include "common/core/time.hpp"
#include "common/http/text.hpp"
#include "services/listener/api/text.hpp"

#include <nlohmann/json.hpp>

namespace sluice::listener {
namespace {

using Json = nlohmann::json;
using events::Problem;

constexpr std::string_view structured = "application/cloudevents";
constexpr std::string_view structured_json = "application/cloudevents+json";
constexpr std::string_view batched = "application/cloudevents-batch";
constexpr std::string_view batched_json = "application/cloudevents-batch+json";

struct MediaType {
    std::string name;  ///< in lower case
    bool utf8 = true;  ///< no charset says otherwise
    bool is_json() const { return name.ends_with("/json") || name.ends_with("+json"); }
};

MediaType media_type(std::string_view text) {
    MediaType type{http::lower(http::trimmed(text.substr(0, text.find(';'))))};
    const auto rest = http::lower(text);
    if (const auto at = rest.find("charset="); at != rest.npos) {
        auto charset = std::string_view(rest).substr(at + 8);
        if (charset.starts_with('"')) charset.remove_prefix(1);
        type.utf8 = charset.starts_with("utf-8");
    }
    return type;
}

MediaType media_type(const http::Request& request) { return media_type(request.header("content-type").value_or("")); }

Refusal unsupported(std::string detail) {
    return {415, "unsupported_media_type", "Content type not taken", std::move(detail)};
}

Refusal malformed_json() {
    return {400, "malformed_json", "Not JSON",
            "The body is not JSON (RFC 8259) in UTF-8, or nests deeper or is wider than any event; correct it."};
}

/// Discarded where it is no JSON, or none that an event could be.
Json parse(std::string_view text) {
    if (!is_modest_json(text)) return Json(Json::value_t::discarded);
    return Json::parse(text, nullptr, false);
}

struct Attributes {
    std::map<std::string, std::string> values;
    std::vector<Problem> problems;

    void wrong(const std::string& name, std::string code, std::string detail) {
        problems.push_back({"/" + name, std::move(code), std::move(detail)});
    }
    std::string of(const std::string& name) const {
        const auto at = values.find(name);
        return at == values.end() ? std::string{} : at->second;
    }
};

Attributes from_headers(const http::Headers& headers) {
    Attributes found;
    for (const auto& [header, value] : headers) {
        if (!header.starts_with("ce-")) continue;
        const auto name = header.substr(3);
        auto text = header_text(value);
        if (!text)
            found.wrong(name, "malformed", "percent-encode the UTF-8 bytes of this header's value, each once");
        else if (!found.values.emplace(name, std::move(*text)).second)
            found.wrong(name, "repeated", "send this header once");
    }
    return found;
}

bool is_named_by_the_standard(const std::string& name) {
    for (const auto* each : {"specversion", "id", "source", "type", "time", "subject", "datacontenttype", "dataschema"})
        if (name == each) return true;
    return false;
}

Attributes from_members(const Json& event) {
    Attributes found;
    for (const auto& [name, value] : event.items()) {
        if (name == "data" || name == "data_base64" || value.is_null()) continue;
        if (value.is_string())
            found.values.emplace(name, value.get<std::string>());
        else if (is_named_by_the_standard(name))
            found.wrong(name, "wrong_type", "give a string");
    }
    return found;
}

void check_required(Attributes& attributes, const std::string& name, std::size_t size_max) {
    for (const auto& problem : attributes.problems)
        if (problem.pointer == "/" + name) return;
    const auto value = attributes.of(name);
    if (value.empty())
        attributes.wrong(name, "missing", "every event has one: member " + name + ", in binary mode header ce-" + name);
    else if (value.size() > size_max)
        attributes.wrong(name, "too_long", "at most " + std::to_string(size_max) + " bytes");
    else if (!is_attribute(value))
        attributes.wrong(name, "malformed", "leave out control characters");
}

void check_envelope(Attributes& attributes) {
    check_required(attributes, "specversion", 16);
    check_required(attributes, "id", 256);
    check_required(attributes, "source", 1024);
    check_required(attributes, "type", 256);
    const auto version = attributes.of("specversion");
    if (!version.empty() && version != "1.0") attributes.wrong("specversion", "unknown_value", "give 1.0");
    if (attributes.of("source").find(' ') != std::string::npos)
        attributes.wrong("source", "malformed", "a URI reference has no blanks: percent-encode them");
    const auto time = attributes.of("time");
    if (!time.empty() && !core::from_rfc3339(time))
        attributes.wrong("time", "malformed", "give an RFC 3339 date and time, like 2026-01-31T12:34:56.789Z");
}

std::variant<CloudEvent, Refusal> assembled(Attributes attributes, std::string data) {
    check_envelope(attributes);
    if (!attributes.problems.empty())
        return Refusal{400, "envelope_incomplete", "Not a whole CloudEvent",
                       "The event's envelope is incomplete or wrong; correct what `errors` names and send it again.",
                       std::move(attributes.problems)};
    return CloudEvent{attributes.of("id"), attributes.of("source"), attributes.of("type"), attributes.of("traceparent"),
                      std::move(data)};
}

std::variant<CloudEvent, Refusal> read_structured(const http::Request& request) {
    const auto event = parse(request.body);
    if (event.is_discarded()) return malformed_json();
    if (!event.is_object())
        return Refusal{400, "not_an_event", "Not a CloudEvent", "The body is no JSON object; send one event."};
    auto attributes = from_members(event);
    const auto of_data = attributes.of("datacontenttype");
    if (!of_data.empty() && (!media_type(of_data).is_json() || !media_type(of_data).utf8))
        return unsupported("The event's datacontenttype is not JSON; send JSON in member data.");
    if (event.contains("data_base64"))
        attributes.wrong("data_base64", "unknown_member", "send the JSON itself in member data");
    const auto data = event.find("data");
    return assembled(std::move(attributes), data == event.end() || data->is_null() ? std::string{} : data->dump());
}

std::variant<CloudEvent, Refusal> read_binary(const http::Request& request) {
    if (!media_type(request).is_json())
        return unsupported(
            "Send an event as application/cloudevents+json, or its data as application/json with its attributes in "
            "ce- headers.");
    const auto data = request.body.empty() ? Json{} : parse(request.body);
    if (data.is_discarded()) return malformed_json();
    return assembled(from_headers(request.headers), data.is_null() ? std::string{} : data.dump());
}

}  // namespace

std::variant<CloudEvent, Refusal> read_event(const http::Request& request) {
    const auto type = media_type(request);
    if (!type.utf8) return unsupported("JSON is UTF-8; encode the body so, and say no other charset.");
    if (!type.name.starts_with(structured)) return read_binary(request);
    if (type.name != structured_json) return unsupported("Of structured events only application/cloudevents+json.");
    return read_structured(request);
}

// Tested before structured mode: the one name begins with the other.
bool is_batch(const http::Request& request) { return media_type(request).name.starts_with(batched); }

std::variant<std::vector<http::Request>, Refusal> unpack_batch(const http::Request& request) {
    const auto type = media_type(request);
    if (type.name != batched_json || !type.utf8)
        return unsupported("Of batches only " + std::string(batched_json) + ".");
    const auto batch = parse(request.body);
    if (batch.is_discarded()) return malformed_json();
    if (!batch.is_array() || batch.size() > batch_max)
        return Refusal{400, "not_a_batch", "Not a batch",
                       "A batch is a JSON array of at most " + std::to_string(batch_max) + " events; split it."};
    std::vector<http::Request> single;
    for (const auto& event : batch) {
        auto& one = single.emplace_back();
        for (const auto& header : request.headers)
            if (header.first != "content-type" && !header.first.starts_with("ce-")) one.headers.push_back(header);
        one.headers.emplace_back("content-type", structured_json);
        one.body = event.dump();
    }
    return single;
}

}  // namespace sluice::listener
