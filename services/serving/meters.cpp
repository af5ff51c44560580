#include "services/serving/meters.hpp"

namespace sluice::serving {
namespace {

const std::vector<double> age_bounds{1, 10, 60, 600, 3600, 21'600, 86'400, 604'800, 2'592'000};

}  // namespace

void Meters::answered(const Endpoint& endpoint, const std::string& version, std::string_view arm, int status,
                      double seconds) {
    auto*& counter = answered_[{endpoint, version, std::string(arm), status}];
    if (!counter)
        counter = &metrics_.counter("sluice_serving_invocations_total", "requests for scores, by what answered them",
                                    {{"endpoint", endpoint.text},
                                     {"version", version},
                                     {"arm", std::string(arm)},
                                     {"status", std::to_string(status)}});
    counter->add();
    auto*& histogram = seconds_[{endpoint, version}];
    if (!histogram)
        histogram = &metrics_.histogram("sluice_serving_score_seconds",
                                        "time from a request's rows to its scores, features included",
                                        runtime::seconds_bounds, {{"endpoint", endpoint.text}, {"version", version}});
    histogram->observe(seconds);
}

void Meters::completed(const Model& model, const Column& column, const Feature& feature) {
    auto& of = features_[{model, column}];
    auto*& counter = of.by_status[static_cast<std::size_t>(feature.status)];
    const auto labels = [&] { return runtime::Labels{{"model", model.text}, {"feature", column.text}}; };
    if (!counter) {
        auto with_status = labels();
        with_status["status"] = core::name_of(feature.status);
        counter = &metrics_.counter("sluice_serving_features_total",
                                    "features given to models, by where they came from", with_status);
    }
    counter->add();
    if (!feature.age_ms) return;
    if (!of.age)
        of.age = &metrics_.histogram("sluice_serving_feature_age_seconds",
                                     "time since the event time of stored features", age_bounds, labels());
    of.age->observe(static_cast<double>(*feature.age_ms) / 1000);
}

}  // namespace sluice::serving
