#pragma once
#include "services/serving/feature_store.hpp"
#include "services/serving/features.hpp"

namespace sluice::serving {

/// From the request, the online store, and the built-in derivations. A stored value is that of the view's version on
/// which the model was trained.
class OnlineFeatures final : public FeatureSource {
public:
    explicit OnlineFeatures(const FeatureStore& store) : store_{store} {}

    std::variant<Features, Mistake> complete(const Shape& shape, const std::vector<FeatureRule>& rules,
                                             const Table& request, core::Time now) const override;

private:
    const FeatureStore& store_;
};

}  // namespace sluice::serving
