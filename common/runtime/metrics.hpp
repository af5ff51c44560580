#pragma once
#include <map>
#include <string>
#include <vector>

// What a process measures of itself, for operators. Names are `sluice_<room>_<noun>_<unit>`; counters end in `_total`.
namespace sluice::runtime {

using Labels = std::map<std::string, std::string>;

/// Only grows. Anything that is not a finite number above 0 is dropped.
class Counter {
public:
    virtual ~Counter() = default;
    virtual void add(double amount = 1) = 0;
};

class Gauge {
public:
    virtual ~Gauge() = default;
    virtual void set(double value) = 0;
    virtual void add(double amount) = 0;
};

/// Counts observations per bucket, and their sum. NaN is dropped.
class Histogram {
public:
    virtual ~Histogram() = default;
    virtual void observe(double value) = 0;
};

/// Upper bounds for what takes between half a millisecond and ten seconds.
inline const std::vector<double> seconds_bounds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                0.1,    0.25,  0.5,    1,     2.5,  5,     10};

/// The same name and labels give the same object, which lives as long as the Metrics; help and bounds are those of the
/// first call. All calls may come from any thread.
///
/// A metric has at most 1,000 label sets. Those beyond share one series with the single label `overflow="true"`, and
/// every call that ends there counts in `sluice_metrics_overflow_total{metric="<name>"}`. A label's value is cut after
/// 200 bytes, and what is not printable ASCII in it becomes `?`.
///
/// A name that Prometheus does not take, one name for two kinds, or bounds that do not rise are mistakes of the
/// program: std::invalid_argument.
class Metrics {
public:
    static constexpr std::size_t label_sets_max = 1000;
    static constexpr std::size_t label_value_size_max = 200;

    virtual ~Metrics() = default;
    virtual Counter& counter(const std::string& name, const std::string& help, const Labels& labels) = 0;
    virtual Gauge& gauge(const std::string& name, const std::string& help, const Labels& labels) = 0;
    virtual Histogram& histogram(const std::string& name, const std::string& help, const std::vector<double>& bounds,
                                 const Labels& labels) = 0;

    /// All of it in Prometheus' text format 0.0.4 (`text/plain; version=0.0.4; charset=utf-8`).
    virtual std::string expose() const = 0;

    Counter& counter(const std::string& name, const std::string& help) { return counter(name, help, {}); }
    Gauge& gauge(const std::string& name, const std::string& help) { return gauge(name, help, {}); }
};

}  // namespace sluice::runtime
