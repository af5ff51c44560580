#include "services/monitor/missing_rate.hpp"

#include <algorithm>

namespace sluice::monitor {

void MissingRate::add(core::Time at, std::uint64_t present, std::uint64_t missing) {
    const auto number = std::max<core::Time>(at, 0) / slice_ms;
    const auto count = static_cast<core::Time>(slices);
    if (number + count <= newest_) return;
    newest_ = std::max(newest_, number);
    auto& slice = ring_[static_cast<std::size_t>(number % count)];
    if (slice.number != number) slice = {number, 0, 0};
    slice.present += present;
    slice.missing += missing;
}

std::optional<double> MissingRate::ratio() const {
    std::uint64_t present = 0, missing = 0;
    for (const auto& slice : ring_) {
        if (slice.number < 0 || slice.number + static_cast<core::Time>(slices) <= newest_) continue;
        present += slice.present;
        missing += slice.missing;
    }
    if (present + missing == 0) return std::nullopt;
    return static_cast<double>(missing) / static_cast<double>(present + missing);
}

}  // namespace sluice::monitor
