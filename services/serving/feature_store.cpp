#include "services/serving/feature_store.hpp"

namespace sluice::serving {

FeatureStore::Taken FeatureStore::take(const FeatureRow& row) {
    const std::pair name{row.view, row.version};
    if (entities_ >= entities_max_ && !views_.contains(name)) return Taken::full;
    auto& view = views_[name];
    auto known = view.entities.find(row.key);
    if (known == view.entities.end()) {
        if (entities_ >= entities_max_) return Taken::full;
        known = view.entities.try_emplace(row.key).first;
        ++entities_;
    } else if (row.event_time < known->second.event_time) {
        return Taken::older;
    }
    auto& entity = known->second;
    entity.event_time = row.event_time;
    entity.values.clear();
    for (const auto& [column_name, value] : row.values) {
        if (!view.columns.contains(column_name) && view.columns.size() >= columns_max) continue;
        const auto column = view.columns.try_emplace(column_name, view.columns.size()).first->second;
        if (entity.values.size() <= column) entity.values.resize(column + 1);
        entity.values[column] = value;
    }
    return Taken::stored;
}

const FeatureStore::View* FeatureStore::find(const events::View& view, std::uint32_t version) const {
    const auto found = views_.find({view, version});
    return found == views_.end() ? nullptr : &found->second;
}

}  // namespace sluice::serving
