#pragma once
#include "common/runtime/metrics.hpp"
#include "services/serving/features.hpp"

namespace sluice::serving {

/// What operators see of the requests; kept at hand by version, because looking a metric up costs more than scoring.
class Meters {
public:
    explicit Meters(runtime::Metrics& metrics) : metrics_{metrics} {}

    /// A request that came to no version has none and no arm.
    void answered(const Endpoint& endpoint, const std::string& version, std::string_view arm, int status,
                  double seconds);
    void completed(const Model& model, const Column& column, const Feature& feature);

private:
    struct Of {
        runtime::Counter* by_status[4] = {};
        runtime::Histogram* age = nullptr;
    };

    runtime::Metrics& metrics_;
    std::map<std::tuple<Endpoint, std::string, std::string, int>, runtime::Counter*> answered_;
    std::map<std::pair<Endpoint, std::string>, runtime::Histogram*> seconds_;
    std::map<std::pair<Model, Column>, Of> features_;
};

}  // namespace sluice::serving
