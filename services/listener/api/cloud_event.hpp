#pragma once
#include "services/listener/api/refusal.hpp"

#include <variant>

// CloudEvents 1.0 over HTTP: binary, structured and batched mode.
namespace sluice::listener {

/// An event as a job sent it; its attributes are checked and bounded.
struct CloudEvent {
    std::string id, source, type;
    std::string trace;  ///< its traceparent as it was sent; may be empty
    std::string data;   ///< JSON, compact, members sorted; empty where there is none
};

/// Binary or structured mode, whichever Content-Type says. Never invents an id: a retry would not be recognised.
std::variant<CloudEvent, Refusal> read_event(const http::Request& request);

inline constexpr std::size_t batch_max = 100;

bool is_batch(const http::Request& request);
/// The events of a batch, each as the structured request that would have brought it alone.
std::variant<std::vector<http::Request>, Refusal> unpack_batch(const http::Request& request);

}  // namespace sluice::listener
