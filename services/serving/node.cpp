#include "services/serving/node.hpp"

#include "services/serving/api/door.hpp"
#include "services/serving/random_hex.hpp"

namespace sluice::serving {
namespace {

constexpr std::size_t incarnation_digits = 16;
constexpr std::chrono::milliseconds look_again{10};

/// A window that the topic can never take is as good as taken.
bool offer(runtime::Publisher& telemetry, const char* topic, const std::string& key, const std::string& window) {
    const auto taken = telemetry.publish(topic, key, window);
    return taken || taken.failure().kind != core::Failure::Kind::retryable;
}

}  // namespace

Node::Node(Parts parts)
    : parts_{std::move(parts)},
      store_{parts_.feature_entities_max},
      feed_{parts_.executor, parts_.features, store_, parts_.log, parts_.metrics},
      meters_{parts_.metrics},
      reporter_{
          parts_.executor, parts_.metrics,
          Windows{{parts_.name}, random_hex(incarnation_digits), parts_.executor.now()},
          [this](const std::string& window) { return offer(parts_.telemetry, telemetry_topic, parts_.name, window); }},
      loader_{parts_.executor, parts_.artifacts, parts_.warm_up, parts_.open_model, parts_.load_again_after},
      residents_{loader_, reporter_, parts_.log, parts_.metrics},
      scoring_{parts_.executor, parts_.state, residents_, features_, reporter_, meters_} {}

void Node::open(http::Server& server, const http::Tokens& tokens) { open_door(server, tokens, scoring_); }

void Node::follow() { residents_.follow(parts_.state); }

std::optional<core::Failure> Node::unready() const {
    if (auto failure = feed_.unready()) return failure;
    if (residents_.settled()) return std::nullopt;
    return core::Failure::retryable("loading the versions that the routes name", "wait until they are warm");
}

void Node::leave(std::chrono::milliseconds patience) {
    reporter_.stop();
    parts_.executor.after(patience, [this] { parts_.executor.stop(); });
    wait_for_delivery();
    parts_.executor.run();
}

void Node::wait_for_delivery() {
    if (parts_.telemetry.counts().waiting == 0) return parts_.executor.post([this] { parts_.executor.stop(); });
    parts_.executor.after(look_again, [this] { wait_for_delivery(); });
}

}  // namespace sluice::serving
