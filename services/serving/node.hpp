#pragma once
#include "common/http/auth.hpp"
#include "services/serving/feature_feed.hpp"
#include "services/serving/online_features.hpp"
#include "services/serving/scoring.hpp"

namespace sluice::serving {

/// One serving node, put together.
class Node {
public:
    /// What it works with; all of it outlives the node.
    struct Parts {
        runtime::Executor& executor;
        const runtime::Log& log;
        runtime::Metrics& metrics;
        const runtime::Artifacts& artifacts;
        Loader::WarmUp warm_up;
        OpenModel open_model;
        runtime::Publisher& telemetry;
        runtime::Subscriber& features;
        const State& state;  ///< what the ledger says, now and later
        std::string name;
        std::uint64_t feature_entities_max = 1'000'000;
        std::chrono::milliseconds load_again_after{1000};
    };

    explicit Node(Parts parts);

    /// Before the server listens.
    void open(http::Server& server, const http::Tokens& tokens);
    /// After each step, once the ledger has been read to its end. Cheap where nothing has changed.
    void follow();
    std::optional<core::Failure> unready() const;
    /// Once the executor has stopped: says that the node stops, and runs the executor until that has arrived, at most
    /// for `patience`.
    void leave(std::chrono::milliseconds patience);
    Residents& residents() { return residents_; }

private:
    void wait_for_delivery();

    static constexpr auto telemetry_topic = "sluice.telemetry";

    Parts parts_;
    FeatureStore store_;
    OnlineFeatures features_{store_};
    FeatureFeed feed_;
    Meters meters_;
    Reporter reporter_;
    Loader loader_;
    Residents residents_;
    Scoring scoring_;
};

}  // namespace sluice::serving
