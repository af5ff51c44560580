#pragma once
#include "common/core/time.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace sluice::monitor {

/// How much of one feature was missing in the five minutes before the newest count, by the counting nodes' clocks.
class MissingRate {
public:
    static constexpr core::Time slice_ms = 10'000;
    static constexpr std::size_t slices = 30;

    /// What is older than the five minutes is dropped.
    void add(core::Time at, std::uint64_t present, std::uint64_t missing);
    /// Nothing where nothing was counted.
    std::optional<double> ratio() const;

private:
    struct Slice {
        core::Time number = -1;
        std::uint64_t present = 0, missing = 0;
    };
    std::array<Slice, slices> ring_;
    core::Time newest_ = -1;
};

}  // namespace sluice::monitor
