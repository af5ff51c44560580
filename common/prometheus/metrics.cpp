#include "common/prometheus/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <mutex>
#include <stdexcept>

namespace sluice::prometheus {
namespace {

namespace vendor = ::prometheus;
using runtime::Labels;

class CountedSeries final : public runtime::Counter {
public:
    explicit CountedSeries(vendor::Counter& series) : series_{series} {}
    void add(double amount) override {
        if (std::isfinite(amount) && amount > 0) series_.Increment(amount);
    }

private:
    vendor::Counter& series_;
};

class GaugedSeries final : public runtime::Gauge {
public:
    explicit GaugedSeries(vendor::Gauge& series) : series_{series} {}
    void set(double value) override { series_.Set(value); }
    void add(double amount) override { series_.Increment(amount); }

private:
    vendor::Gauge& series_;
};

class ObservedSeries final : public runtime::Histogram {
public:
    explicit ObservedSeries(vendor::Histogram& series) : series_{series} {}
    void observe(double value) override {
        if (!std::isnan(value)) series_.Observe(value);
    }

private:
    vendor::Histogram& series_;
};

Labels printable(Labels labels) {
    for (auto& [name, value] : labels) {
        if (value.size() > runtime::Metrics::label_value_size_max) value.resize(runtime::Metrics::label_value_size_max);
        std::ranges::replace_if(
            value, [](char c) { return c < ' ' || c > '~'; }, '?');
    }
    return labels;
}

/// One metric name and the objects handed out for it.
template <class Vendor, class Series> class Metric {
public:
    Metric(vendor::Family<Vendor>& family, std::vector<double> bounds) : family_{family}, bounds_{std::move(bounds)} {}

    bool is_full_for(const Labels& labels) const {
        return series_.size() >= runtime::Metrics::label_sets_max && !series_.contains(labels);
    }

    Series& at(const Labels& labels) {
        auto& series = series_[labels];
        if (!series) series = std::make_unique<Series>(add(labels));
        return *series;
    }

    Series& overflow() {
        if (!overflow_) overflow_ = std::make_unique<Series>(add({{"overflow", "true"}}));
        return *overflow_;
    }

private:
    Vendor& add(const Labels& labels) {
        if constexpr (std::is_same_v<Vendor, vendor::Histogram>)
            return family_.Add(labels, bounds_);
        else
            return family_.Add(labels);
    }

    vendor::Family<Vendor>& family_;
    std::vector<double> bounds_;
    std::map<Labels, std::unique_ptr<Series>> series_;
    std::unique_ptr<Series> overflow_;
};

template <class Vendor, class Series> using MetricsByName = std::map<std::string, Metric<Vendor, Series>>;

class PrometheusMetrics final : public runtime::Metrics {
public:
    runtime::Counter& counter(const std::string& name, const std::string& help, const Labels& labels) override {
        return find(counters_, vendor::BuildCounter(), name, help, {}, labels);
    }
    runtime::Gauge& gauge(const std::string& name, const std::string& help, const Labels& labels) override {
        return find(gauges_, vendor::BuildGauge(), name, help, {}, labels);
    }
    runtime::Histogram& histogram(const std::string& name, const std::string& help, const std::vector<double>& bounds,
                                  const Labels& labels) override {
        if (std::ranges::adjacent_find(bounds, std::greater_equal{}) != bounds.end())
            throw std::invalid_argument("the bounds of " + name + " do not rise; list each once, smallest first");
        return find(histograms_, vendor::BuildHistogram(), name, help, bounds, labels);
    }
    std::string expose() const override { return vendor::TextSerializer{}.Serialize(registry_.Collect()); }

private:
    template <class Vendor, class Series, class Builder>
    Series& find(MetricsByName<Vendor, Series>& metrics, Builder builder, const std::string& name,
                 const std::string& help, const std::vector<double>& bounds, const Labels& given) {
        const std::scoped_lock lock{mutex_};
        auto metric = metrics.find(name);
        if (metric == metrics.end())
            metric = metrics.try_emplace(name, builder.Name(name).Help(help).Register(registry_), bounds).first;
        const auto labels = printable(given);
        if (!metric->second.is_full_for(labels)) return metric->second.at(labels);
        overflows_.Add({{"metric", name}}).Increment();
        return metric->second.overflow();
    }

    std::mutex mutex_;
    vendor::Registry registry_;
    vendor::Family<vendor::Counter>& overflows_ = vendor::BuildCounter()
                                                      .Name("sluice_metrics_overflow_total")
                                                      .Help("Times that a metric had no room for another label set.")
                                                      .Register(registry_);
    MetricsByName<vendor::Counter, CountedSeries> counters_;
    MetricsByName<vendor::Gauge, GaugedSeries> gauges_;
    MetricsByName<vendor::Histogram, ObservedSeries> histograms_;
};

}  // namespace

std::unique_ptr<runtime::Metrics> make_metrics() { return std::make_unique<PrometheusMetrics>(); }

}  // namespace sluice::prometheus
