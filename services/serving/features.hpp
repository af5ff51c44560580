#pragma once
#include "common/core/time.hpp"
#include "services/serving/decider.hpp"
#include "services/serving/table.hpp"

#include <limits>

// How features reach a model.
namespace sluice::serving {

enum class FeatureStatus { from_request, present, null_value, not_found };
constexpr auto names_of(FeatureStatus) {
    return std::array<std::string_view, 4>{"from_request", "present", "null_value", "not_found"};
}

struct Feature {
    double value = std::numeric_limits<double>::quiet_NaN();  ///< NaN where there is none: the model decides
    FeatureStatus status = FeatureStatus::not_found;
    std::optional<core::Time> age_ms = {};  ///< since the stored value's event time
    bool present() const { return status == FeatureStatus::from_request || status == FeatureStatus::present; }
};

/// Row by row, in each row the columns of the signature in their order.
using Features = std::vector<Feature>;

class FeatureSource {
public:
    virtual ~FeatureSource() = default;
    /// Completes every row of the request to what `shape` wants, by the rules of the model's policy. `now` stands for
    /// the request's own time where it gives none. A mistake where the request holds no number in a column that is to
    /// be one, or where nobody can give a column.
    virtual std::variant<Features, Mistake> complete(const Shape& shape, const std::vector<FeatureRule>& rules,
                                                     const Table& request, core::Time now) const = 0;
};

}  // namespace sluice::serving
