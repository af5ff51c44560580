#include "services/listener/api/quarantine.hpp"

#include "common/core/sha256.hpp"
#include "services/listener/api/text.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace sluice::listener {
namespace {

using Json = nlohmann::ordered_json;

std::string dumped(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

/// Attributes and kind of body; never the token.
Json kept_headers(const http::Headers& headers) {
    auto kept = Json::object();
    for (const auto& [name, value] : headers)
        if (name == "content-type" || name == "traceparent" || name.starts_with("ce-")) kept[name] = value;
    return kept;
}

Json envelope(const http::Actor& actor, const http::Request& request, const Refusal& refusal, core::Time now) {
    Json kept;
    kept["service"] = "listener";
    kept["time"] = core::rfc3339(now);
    kept["authid"] = actor.subject;
    kept["reason"] = refusal.code;
    kept["status"] = refusal.status;
    kept["digest"] = core::digest_of(request.body);
    kept["size"] = request.body.size();
    kept["headers"] = kept_headers(request.headers);
    return kept;
}

std::string with_body(Json kept, std::string_view body) {
    if (is_utf8(body))
        kept["body"] = body;
    else
        kept["body_base64"] = base64(body);
    return dumped(kept);
}

}  // namespace

Quarantine::Quarantine(runtime::Publisher& publisher, runtime::Metrics& metrics)
    : publisher_{publisher},
      kept_{metrics.counter("sluice_listener_quarantine_kept_total", "refused events sent to quarantine")},
      dropped_{metrics.counter("sluice_listener_quarantine_dropped_total",
                               "refused events of which no copy could be sent to quarantine")} {}

void Quarantine::keep(const http::Actor& actor, const http::Request& request, const Refusal& refusal, core::Time now) {
    auto kept = envelope(actor, request, refusal, now);
    auto value = with_body(kept, request.body);
    for (auto part = request.body.size(); value.size() > runtime::stream_value_size_max; part /= 2) {
        kept["body_cut"] = true;
        value = with_body(kept, std::string_view(request.body).substr(0, part));
    }
    const auto taken = publisher_.publish(std::string(topic), actor.subject, std::move(value));
    (taken ? kept_ : dropped_).add();
    const auto failed = std::exchange(failed_, publisher_.counts().failed);
    dropped_.add(static_cast<double>(failed_ - failed));
}

}  // namespace sluice::listener
