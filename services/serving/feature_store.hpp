#pragma once
#include "common/core/time.hpp"
#include "events/names.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace sluice::serving {

/// What a feature job published of one entity: a value without number is null.
struct FeatureRow {
    events::View view;
    std::uint32_t version = 0;
    std::string key;
    core::Time event_time = 0;
    std::vector<std::pair<std::string, std::optional<double>>> values;
};

/// The current features of every entity, by view and its version: of two rows the one with the newer event time stands,
/// of equal ones the later. Takes no more than so many entities, and of those it has it always takes news.
class FeatureStore {
public:
    static constexpr std::size_t columns_max = 1000;  ///< of one view

    explicit FeatureStore(std::size_t entities_max) : entities_max_{entities_max} {}

    enum class Taken { stored, older, full };
    Taken take(const FeatureRow& row);

    struct Entity {
        core::Time event_time = 0;
        std::vector<std::optional<double>> values;  ///< by column of its view; a column that was not published is null
    };
    struct View {
        std::map<std::string, std::size_t> columns;
        std::unordered_map<std::string, Entity> entities;
    };
    /// Stays where it is.
    const View* find(const events::View& view, std::uint32_t version) const;

    std::size_t entities() const { return entities_; }

private:
    std::size_t entities_max_;
    std::size_t entities_ = 0;
    std::map<std::pair<events::View, std::uint32_t>, View> views_;
};

}  // namespace sluice::serving
