#pragma once
#include "common/core/result.hpp"
#include "services/serving/feature_store.hpp"

#include <string_view>

namespace sluice::serving {

/// What a feature job publishes on sluice.features, one row of a view:
/// {"view":"user","version":1,"key":"u1","event_time":"2026-01-31T00:00:00Z","values":{"count_1h":3,"mean_amount":null}}
/// A poison failure says what is wrong.
core::Result<FeatureRow> read_feature_row(std::string_view text);

}  // namespace sluice::serving
