#pragma once
#include "common/http/auth.hpp"
#include "common/runtime/metrics.hpp"
#include "services/listener/api/refusal.hpp"

namespace sluice::listener {

/// Keeps what was refused, so that somebody can look at it and redrive it. A copy that cannot be kept is counted; no
/// answer waits for one.
class Quarantine {
public:
    /// Takes a key and a value on their way to sluice.quarantine. False: there is no room now.
    using Publish = std::function<bool(const std::string& key, std::string value)>;

    /// As JSON text, whatever the body was. What does not fit is cut: no fact is that large.
    static constexpr std::size_t value_size_max = 120'000;

    Quarantine(Publish publish, runtime::Metrics& metrics);
    void keep(const http::Actor& actor, const http::Request& request, const Refusal& refusal, core::Time now);

private:
    Publish publish_;
    runtime::Counter& kept_;
    runtime::Counter& dropped_;
};

}  // namespace sluice::listener
