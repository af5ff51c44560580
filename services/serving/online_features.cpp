#include "services/serving/online_features.hpp"

#include "rules/policy.hpp"
#include "services/serving/derived.hpp"

#include <algorithm>
#include <cmath>

namespace sluice::serving {
namespace {

/// Thrown inside of complete(), where it becomes the answer.
struct Wrong {
    Mistake mistake;
};

std::string place(std::size_t row, const std::string& column) {
    return "row " + std::to_string(row) + ", column " + column;
}

[[noreturn]] void no_number(std::size_t row, const std::string& column) {
    throw Wrong{
        {"not_a_number", place(row, column) + ": there is no number; write one, or null for a missing value", {}}};
}

std::optional<double> number_of(const Cell& cell, std::size_t row, const std::string& column) {
    if (std::holds_alternative<Absent>(cell) || std::holds_alternative<Null>(cell)) return std::nullopt;
    if (const auto* whole = std::get_if<std::int64_t>(&cell)) return static_cast<double>(*whole);
    const auto* number = std::get_if<double>(&cell);
    if (!number) no_number(row, column);
    if (!std::isfinite(static_cast<float>(*number)))
        throw Wrong{
            {"out_of_range", place(row, column) + ": the number does not fit float32; write a smaller one", {}}};
    return *number;
}

Feature of(std::optional<double> value, FeatureStatus where, std::optional<core::Time> age_ms = {}) {
    if (!value || std::isnan(*value)) return {.status = FeatureStatus::null_value, .age_ms = age_ms};
    return {*value, where, age_ms};
}

/// One policy rule, looked up once for the request and then once a row.
struct Lookup {
    const FeatureRule& rule;
    const FeatureStore::View* view;
    std::optional<std::size_t> key_column;

    bool key_given = false, key_null = false;
    const FeatureStore::Entity* entity = nullptr;

    void go_to(const Table& request, std::size_t row) {
        const auto& cell = request.at(row, key_column);
        key_given = !std::holds_alternative<Absent>(cell);
        key_null = std::holds_alternative<Null>(cell);
        entity = nullptr;
        if (!key_given || key_null || !view) return;
        if (const auto key = key_of(cell))
            if (const auto found = view->entities.find(*key); found != view->entities.end()) entity = &found->second;
    }
};

/// Where one column comes from.
struct Source {
    const Column& name;
    std::optional<std::size_t> in_request;
    Lookup* lookup = nullptr;
    std::optional<std::size_t> in_view = {};
    const Derived* derived = nullptr;
    std::vector<Source> needs = {};
};

class Completion {
public:
    Completion(const FeatureStore& store, const Shape& shape, const std::vector<FeatureRule>& rules,
               const Table& request, core::Time now)
        : request_{request}, now_{now}, event_time_column_{request.find(event_time_)} {
        lookups_.reserve(rules.size());  // sources point into it
        for (const auto& rule : rules) {
            const auto version = shape.views.find(rule.view);
            const auto* view = version == shape.views.end() ? nullptr : store.find(rule.view, version->second);
            lookups_.push_back({rule, view, request.find(rule.key.text)});
        }
        for (const auto& column : shape.columns) sources_.push_back(source_of(column));
    }

    Features run() {
        Features features;
        features.reserve(request_.rows() * sources_.size());
        for (std::size_t row = 0; row < request_.rows(); ++row) {
            for (auto& lookup : lookups_) lookup.go_to(request_, row);
            for (const auto& source : sources_) {
                const auto feature = feature_of(source, row);
                if (!feature) nobody_gives(source, row);
                features.push_back(*feature);
            }
        }
        return features;
    }

private:
    Source source_of(const Column& column) {
        Source source{column, request_.find(column.text)};
        for (auto& lookup : lookups_) {
            if (std::ranges::find(lookup.rule.columns, column) == lookup.rule.columns.end()) continue;
            source.lookup = &lookup;
            if (!lookup.view) continue;
            const auto in_view = lookup.view->columns.find(column.text);
            if (in_view != lookup.view->columns.end()) source.in_view = in_view->second;
        }
        source.derived = source.lookup ? nullptr : derived_named(column);
        if (source.derived)
            for (const auto& need : source.derived->needs) source.needs.push_back(source_of(need));
        return source;
    }

    /// Nothing where nobody gives it: neither the row, nor a view whose key the row has.
    std::optional<Feature> feature_of(const Source& source, std::size_t row) const {
        const auto& cell = request_.at(row, source.in_request);
        const bool given = !std::holds_alternative<Absent>(cell);
        const bool request_first = !source.lookup || rules::request_wins(source.lookup->rule);
        if (given && request_first) return from_request(source, row);
        const auto found = source.lookup ? stored(source) : source.derived ? derived(source, row) : std::nullopt;
        if (given && (!found || found->status == FeatureStatus::not_found)) return from_request(source, row);
        return found;
    }

    Feature from_request(const Source& source, std::size_t row) const {
        return of(number_of(request_.at(row, source.in_request), row, source.name.text), FeatureStatus::from_request);
    }

    std::optional<Feature> stored(const Source& source) const {
        const auto& lookup = *source.lookup;
        if (!lookup.key_given) return std::nullopt;
        if (lookup.key_null) return Feature{.status = FeatureStatus::null_value};
        if (!lookup.entity || !source.in_view) return Feature{};
        const auto& values = lookup.entity->values;
        const auto value = *source.in_view < values.size() ? values[*source.in_view] : std::nullopt;
        return of(value, FeatureStatus::present, now_ - lookup.entity->event_time);
    }

    /// As old as the oldest of what it is derived from, and missing where any of that is.
    std::optional<Feature> derived(const Source& source, std::size_t row) const {
        std::vector<double> needs;
        Feature feature{.status = FeatureStatus::present};
        for (const auto& need : source.needs) {
            const auto found = feature_of(need, row);
            if (!found) return std::nullopt;
            needs.push_back(found->value);
            if (!found->present()) feature.status = found->status;
            feature.age_ms = std::max(feature.age_ms, found->age_ms);
        }
        const double value = source.derived->compute(needs, event_time_s(row));
        if (!feature.present()) return feature;
        return of(value, FeatureStatus::present, feature.age_ms);
    }

    double event_time_s(std::size_t row) const {
        const auto given = number_of(request_.at(row, event_time_column_), row, event_time_);
        return given.value_or(static_cast<double>(now_) / 1000);
    }

    [[noreturn]] void nobody_gives(const Source& source, std::size_t row) const {
        const auto& name = source.name.text;
        const auto also = source.lookup    ? ", or " + source.lookup->rule.key.text + ", by which it is looked up"
                          : source.derived ? ", or what it is derived from"
                                           : "";
        throw Wrong{{"missing_column",
                     place(row, name) + ": there is no such column; send it" + also + " (null is no value)", name}};
    }

    inline static const std::string event_time_ = "event_time";

    const Table& request_;
    core::Time now_;
    std::optional<std::size_t> event_time_column_;
    std::vector<Lookup> lookups_;
    std::vector<Source> sources_;
};

}  // namespace

std::variant<Features, Mistake> OnlineFeatures::complete(const Shape& shape, const std::vector<FeatureRule>& rules,
                                                         const Table& request, core::Time now) const try {
    return Completion(store_, shape, rules, request, now).run();
} catch (const Wrong& wrong) {
    return wrong.mistake;
}

}  // namespace sluice::serving
