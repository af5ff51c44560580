#include "rules/metrics.hpp"
#include "services/evaluator/scorer/contender.hpp"
#include "services/evaluator/scorer/csv.hpp"
#include "services/evaluator/scorer/refusal.hpp"
#include "services/evaluator/scorer/scorer.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace sluice::scorer {
namespace {

/// Which columns are wanted of a file, each once, and where each of a model's columns is among them.
class Columns {
public:
    std::vector<std::size_t> places(const std::vector<std::string>& names) {
        std::vector<std::size_t> places;
        for (const auto& name : names) places.push_back(place(name));
        return places;
    }

    std::size_t place(const std::string& name) {
        const auto at = std::find(wanted_.begin(), wanted_.end(), name) - wanted_.begin();
        if (static_cast<std::size_t>(at) == wanted_.size()) wanted_.push_back(name);
        return static_cast<std::size_t>(at);
    }

    const std::vector<std::string>& wanted() const { return wanted_; }

private:
    std::vector<std::string> wanted_;
};

struct Scored {
    std::vector<std::uint8_t> labels;
    std::vector<float> scores;
    std::vector<float> champion_scores;
};

std::uint8_t label_of(float value, const Csv& csv) {
    if (value != 0 && value != 1) csv.refuse("label_not_binary", "the label is neither 0 nor 1; write one of them");
    return value == 1 ? 1 : 0;
}

Scored score_dataset(const app::EvaluateRequest& request, Contender& model, std::optional<Contender>& champion) {
    const auto bytes = verified(request.dataset, request.dataset_digest, data_bytes_max, "dataset");
    Columns columns;
    const auto model_places = columns.places(request.model.columns);
    const auto champion_places = champion ? columns.places(request.champion->columns) : std::vector<std::size_t>{};
    const auto label_place = columns.place(request.label);

    Csv csv{bytes, "dataset", columns.wanted()};
    std::vector<float> row(columns.wanted().size());
    Scored scored;
    while (csv.next(row)) {
        scored.labels.push_back(label_of(row[label_place], csv));
        model.take(row, model_places);
        if (champion) champion->take(row, champion_places);
    }
    scored.scores = model.take_scores();
    if (champion) scored.champion_scores = champion->take_scores();
    return scored;
}

app::Metrics metrics_of(const std::vector<float>& scores, const std::vector<std::uint8_t>& labels, double threshold) {
    return {{"auc", rules::auc(scores, labels)},
            {"log_loss", rules::log_loss(scores, labels)},
            {"accuracy", rules::accuracy(scores, labels, threshold)}};
}

bool differ(float ours, float theirs) {
    if (std::isnan(ours) || std::isnan(theirs)) return std::isnan(ours) != std::isnan(theirs);
    return ours != theirs && !(std::abs(double{ours} - double{theirs}) <= probe_tolerance);
}

app::Probed compare(const std::vector<float>& ours, const std::vector<float>& theirs) {
    app::Probed probed{ours.size(), 0, 0};
    for (std::size_t i = 0; i < ours.size(); ++i) {
        if (differ(ours[i], theirs[i])) ++probed.different;
        if (std::isfinite(ours[i]) && std::isfinite(theirs[i]))
            probed.max_difference = std::max(probed.max_difference, std::abs(double{ours[i]} - double{theirs[i]}));
    }
    return probed;
}

app::Probed probe(const app::EvaluateRequest& request, Contender& model) {
    const auto bytes = verified(request.probe, request.probe_digest, data_bytes_max, "probe");
    Columns columns;
    const auto places = columns.places(request.model.columns);
    const auto score_place = columns.place("score");
    Csv csv{bytes, "probe", columns.wanted()};
    std::vector<float> row(columns.wanted().size()), theirs;
    while (csv.next(row)) {
        theirs.push_back(row[score_place]);
        model.take(row, places);
    }
    if (theirs.empty()) csv.refuse("empty", "there are no rows; send the trainer's own scores of a few hundred");
    return compare(model.take_scores(), theirs);
}

}  // namespace

app::Evaluated evaluate(const app::EvaluateRequest& request) {
    Contender model{request.model, "artifact"};
    std::optional<Contender> champion;
    if (request.champion) champion.emplace(*request.champion, "champion");

    const auto probed = probe(request, model);  // first: it is small, and what a converter broke needs no long scoring
    const auto scored = score_dataset(request, model, champion);
    const auto positives = static_cast<std::uint64_t>(std::count(scored.labels.begin(), scored.labels.end(), 1));
    if (positives == 0 || positives == scored.labels.size())
        throw Refusal{"dataset_one_class", "dataset: of " + std::to_string(scored.labels.size()) + " rows " +
                                               std::to_string(positives) + " are positive; take rows of both classes"};

    app::Evaluated answer{scored.labels.size(),
                          positives,
                          metrics_of(scored.scores, scored.labels, request.threshold),
                          0,
                          {},
                          probed,
                          Contender::batch_rows,
                          onnx::runtime_version()};
    answer.non_finite = static_cast<std::uint64_t>(
        std::count_if(scored.scores.begin(), scored.scores.end(), [](float score) { return !std::isfinite(score); }));
    if (champion) answer.champion = metrics_of(scored.champion_scores, scored.labels, request.threshold);
    return answer;
}

}  // namespace sluice::scorer
