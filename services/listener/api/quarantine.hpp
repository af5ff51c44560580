#pragma once
#include "common/http/auth.hpp"
#include "common/runtime/metrics.hpp"
#include "common/runtime/streams.hpp"
#include "services/listener/api/refusal.hpp"

namespace sluice::listener {

/// Keeps what was refused, so that somebody can look at it and redrive it. A copy that cannot be kept is counted; no
/// answer waits for one.
class Quarantine {
public:
    static constexpr std::string_view topic = "sluice.quarantine";

    Quarantine(runtime::Publisher& publisher, runtime::Metrics& metrics);
    /// One JSON object with the reason, the digest of the body and the body itself, as text or base64. What does not
    /// fit a record is cut: no fact is that large.
    void keep(const http::Actor& actor, const http::Request& request, const Refusal& refusal, core::Time now);

private:
    runtime::Publisher& publisher_;
    std::uint64_t failed_ = 0;  // of the publisher's, as far as they were counted here
    runtime::Counter& kept_;
    runtime::Counter& dropped_;
};

}  // namespace sluice::listener
