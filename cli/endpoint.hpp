#pragma once
#include <cstdint>
#include <iosfwd>
#include <string>

namespace sluice::cli {

/// The console's page /v1/endpoints/{e}, for people.
void print_endpoint(std::ostream& out, const std::string& page);

/// A rollout for whoever follows it.
struct RolloutLine {
    std::string id, model, state;
    std::uint32_t version = 0;
    std::string text;  ///< how it stands, in one line
    bool is_none() const { return id.empty(); }
};
/// Of the page of an endpoint: the one that runs. Of the page /v1/timeline/{model}/{n}: the version's last.
RolloutLine rollout_line(const std::string& page);

/// Is a rollout in the endpoint's queue?
bool somebody_waits(const std::string& endpoint_page);

}  // namespace sluice::cli
