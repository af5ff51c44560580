#include "services/serving/feature_feed.hpp"

#include "services/serving/api/feature_row.hpp"

#include <utility>

namespace sluice::serving {

FeatureFeed::FeatureFeed(runtime::Executor& executor, runtime::Subscriber& rows, FeatureStore& store,
                         const runtime::Log& log, runtime::Metrics& metrics)
    : executor_{executor}, rows_{rows}, store_{store}, log_{log}, metrics_{metrics} {
    rows_.on_news([this] { wake(); });
    wake();
}

std::optional<core::Failure> FeatureFeed::unready() const {
    if (rows_.caught_up()) return std::nullopt;
    if (auto trouble = rows_.trouble()) return trouble;
    return core::Failure::retryable("reading the features: " + std::to_string(store_.entities()) + " entities so far",
                                    "wait until the end of sluice.features was reached");
}

void FeatureFeed::wake() {
    if (std::exchange(woken_, true)) return;
    executor_.post([this, weak = std::weak_ptr(alive_)] {
        if (weak.expired()) return;
        woken_ = false;
        step();
    });
}

// In batches, so that requests are answered in between.
void FeatureFeed::step() {
    const auto records = rows_.take(batch_max);
    for (const auto& record : records) take(record);
    metrics_.gauge("sluice_serving_feature_entities", "entities in the online store")
        .set(static_cast<double>(store_.entities()));
    if (records.size() == batch_max) wake();
}

void FeatureFeed::take(const runtime::StreamRecord& record) {
    const auto row = read_feature_row(record.value);
    if (!row) {
        if (!std::exchange(said_refused_, true))
            log_.warning("sluice.features: " + row.failure().text(),
                         {{"partition", std::to_string(record.partition)}, {"offset", std::to_string(record.offset)}});
        return count("refused");
    }
    switch (store_.take(*row)) {
        case FeatureStore::Taken::stored: return count("stored");
        case FeatureStore::Taken::older: return count("older");
        case FeatureStore::Taken::full:
            if (!std::exchange(said_full_, true))
                log_.error("the online store is full: new entities find no room",
                           {{"advice", "raise SLUICE_SERVING_FEATURE_ENTITIES_MAX"}});
            return count("no_room");
    }
}

void FeatureFeed::count(const char* outcome) {
    metrics_.counter("sluice_serving_feature_rows_total", "rows read from sluice.features", {{"outcome", outcome}})
        .add();
}

}  // namespace sluice::serving
