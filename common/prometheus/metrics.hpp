#pragma once
#include "common/runtime/metrics.hpp"

#include <memory>

namespace sluice::prometheus {

/// The metrics of one process, kept by prometheus-cpp.
std::unique_ptr<runtime::Metrics> make_metrics();

}  // namespace sluice::prometheus
