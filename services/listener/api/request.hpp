#pragma once
#include "common/core/fact_id.hpp"
#include "common/core/result.hpp"
#include "common/http/message.hpp"

#include <chrono>

// What every request of this door may say, and what it may be answered.
namespace sluice::listener {

/// How long a request waits for its fact: X-Deadline-Ms, at most a minute; ten seconds where it is silent. Nothing
/// where it is no number of milliseconds.
std::optional<std::chrono::milliseconds> patience_of(const http::Request& request);
http::Response bad_deadline();

/// The request's traceparent, else the event's own, else a new one.
std::string trace_of(const http::Request& request, const std::string& of_event = {});

std::string where(const core::FactId& id);
http::Response not_ready(const core::Failure& failure);
http::Response too_many_wait();
/// It may still come to be: the answer says where to ask.
http::Response answered_late(const core::FactId& id);

}  // namespace sluice::listener
