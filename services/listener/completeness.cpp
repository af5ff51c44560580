#include "services/listener/completeness.hpp"

#include <set>

namespace sluice::listener {
namespace {

using events::Problem;
using events::TrainingCompleted;

/// Notes what is wrong, below /data.
class Checks {
public:
    void that(bool holds, const std::string& pointer, std::string code, std::string advice) {
        if (!holds) problems_.push_back({"/data" + pointer, std::move(code), std::move(advice)});
    }
    void not_empty(const std::string& text, const std::string& pointer) {
        that(text.find_first_not_of(" \t\r\n") != text.npos, pointer, "empty", "give a text that is not empty");
    }
    void at_least_one(std::size_t count, const std::string& pointer) {
        that(count > 0, pointer, "empty", "give at least one");
    }
    std::vector<Problem> problems() && { return std::move(problems_); }

private:
    std::vector<Problem> problems_;
};

std::string nth(const std::string& list, std::size_t i, const std::string& member) {
    return list + "/" + std::to_string(i) + "/" + member;
}

void check_run(Checks& check, const events::TrainingRun& run) {
    check.that(run.finished_at >= run.started_at, "/run/finished_at", "before_start",
               "a run ends after it has started: compare it with started_at");
}

/// Inputs and outputs share one line of names: the header of the probe set.
void check_signature(Checks& check, const events::Signature& signature) {
    check.at_least_one(signature.inputs.size(), "/signature/inputs");
    const bool scores = signature.outputs.size() == 1 && signature.outputs.front().name.text == "score";
    check.that(scores, "/signature/outputs", "not_one_score", "give exactly one output, named score");
    std::set<events::Column> names;
    const auto columns = [&](const std::vector<events::SignatureColumn>& list, const std::string& at) {
        for (std::size_t i = 0; i < list.size(); ++i) {
            check.that(names.insert(list[i].name).second, nth(at, i, "name"), "repeated",
                       "each column of a signature has a name of its own");
            check.not_empty(list[i].type, nth(at, i, "type"));
        }
    };
    columns(signature.inputs, "/signature/inputs");
    columns(signature.outputs, "/signature/outputs");
}

void check_features(Checks& check, const std::vector<events::FeatureView>& features) {
    check.at_least_one(features.size(), "/features");
    std::set<events::View> views;
    for (std::size_t i = 0; i < features.size(); ++i) {
        check.that(views.insert(features[i].view).second, nth("/features", i, "view"), "repeated",
                   "a model uses one version of a view: name each view once");
        check.that(features[i].version > 0, nth("/features", i, "version"), "out_of_range", "versions start at 1");
    }
}

void check_measured(Checks& check, const TrainingCompleted& done) {
    check.at_least_one(done.metrics.size(), "/metrics");
    std::set<std::pair<std::string, std::optional<std::string>>> metrics;
    for (std::size_t i = 0; i < done.metrics.size(); ++i) {
        const auto& [name, value, slice] = done.metrics[i];
        check.not_empty(name, nth("/metrics", i, "name"));
        check.that(metrics.emplace(name, slice).second, nth("/metrics", i, "name"), "repeated",
                   "a metric has one value, over all data or for a slice");
    }
    if (!done.sweep) return;
    check.not_empty(done.sweep->id, "/sweep/id");
    check.that(done.sweep->trials > 0, "/sweep/trials", "out_of_range", "a sweep has at least one trial");
    check.that(done.sweep->best <= done.sweep->trials, "/sweep/best", "out_of_range", "the best is one of the trials");
}

}  // namespace

std::vector<Problem> completeness(const TrainingCompleted& done) {
    Checks check;
    check_run(check, done.run);
    check.that(done.artifact.size > 0, "/artifact/size", "out_of_range", "give the file's size in bytes");
    check.not_empty(done.code.repository, "/code/repository");
    check.not_empty(done.data.name, "/data/name");
    check.not_empty(done.data.snapshot, "/data/snapshot");
    check.at_least_one(done.seeds.size(), "/seeds");
    check_features(check, done.features);
    check_signature(check, done.signature);
    check_measured(check, done);
    check.not_empty(done.owner, "/owner");
    check.not_empty(done.job, "/job");
    return std::move(check).problems();
}

std::vector<Problem> completeness(const events::TrainingStarted& started) {
    Checks check;
    check.not_empty(started.job, "/job");
    return std::move(check).problems();
}

std::vector<Problem> completeness(const events::TrainingFailed& failed) {
    Checks check;
    check.not_empty(failed.job, "/job");
    check.not_empty(failed.reason, "/reason");
    return std::move(check).problems();
}

}  // namespace sluice::listener
