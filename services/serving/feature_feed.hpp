#pragma once
#include "common/runtime/executor.hpp"
#include "common/runtime/log.hpp"
#include "common/runtime/metrics.hpp"
#include "common/runtime/streams.hpp"
#include "services/serving/feature_store.hpp"

#include <memory>

namespace sluice::serving {

/// Folds sluice.features into the store. A row that cannot be read is counted and passed.
class FeatureFeed {
public:
    FeatureFeed(runtime::Executor& executor, runtime::Subscriber& rows, FeatureStore& store, const runtime::Log& log,
                runtime::Metrics& metrics);
    FeatureFeed(const FeatureFeed&) = delete;
    FeatureFeed& operator=(const FeatureFeed&) = delete;

    /// Nothing once all that was there at the start is in the store.
    std::optional<core::Failure> unready() const;

private:
    static constexpr std::size_t batch_max = 500;

    void wake();
    void step();
    void take(const runtime::StreamRecord& record);
    void count(const char* outcome);

    runtime::Executor& executor_;
    runtime::Subscriber& rows_;
    FeatureStore& store_;
    const runtime::Log& log_;
    runtime::Metrics& metrics_;
    bool woken_ = false, said_refused_ = false, said_full_ = false;
    std::shared_ptr<FeatureFeed*> alive_ = std::make_shared<FeatureFeed*>(this);
};

}  // namespace sluice::serving
