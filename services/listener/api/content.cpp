#include "services/listener/api/content.hpp"

#include "services/listener/completeness.hpp"

#include <nlohmann/json.hpp>

namespace sluice::listener {
namespace {

using events::Decoded;
using events::Problem;
using Json = nlohmann::json;

constexpr std::string_view started = "io.sluice.training.started.v1";
constexpr std::string_view completed = "io.sluice.training.completed.v1";
constexpr std::string_view failed = "io.sluice.training.failed.v1";

/// Complete only where completeness() has nothing to say.
template <class Fact> Decoded<Inputs> complete(Decoded<Fact> decoded) {
    if (!decoded.value) return {{}, std::move(decoded.problems)};
    auto problems = completeness(*decoded.value);
    if (!problems.empty()) return {{}, std::move(problems)};
    return {Inputs{*std::move(decoded.value)}, {}};
}

/// An event says {"run":{"id":…}}, as completions do; the fact has the id alone.
template <class Fact> Decoded<Inputs> with_run_id(const std::string& data) {
    auto tree = Json::parse(data, nullptr, false);
    std::optional<Problem> wrong_run;
    if (tree.is_object() && tree.contains("run")) {
        const auto run = tree["run"];
        tree.erase("run");
        if (!run.is_object())
            wrong_run = Problem{"/data/run", "wrong_type", "give an object with the run's id"};
        else if (run.size() != run.count("id"))
            wrong_run = Problem{"/data/run", "unknown_member", "name the run by its id alone"};
        if (run.is_object() && run.contains("id")) tree["run"] = run["id"];
    }
    auto decoded = events::from_json<Fact>(tree.dump(), "/data");
    for (auto& problem : decoded.problems)
        if (problem.pointer == "/data/run") problem.pointer += "/id";
    if (wrong_run) {
        decoded.value.reset();
        decoded.problems.push_back(*std::move(wrong_run));
    }
    return complete(std::move(decoded));
}

}  // namespace

std::string known_types() { return std::string(started) + ", " + std::string(completed) + ", " + std::string(failed); }

std::optional<Decoded<Inputs>> read_content(std::string_view type, const std::string& data) {
    if (type != started && type != completed && type != failed) return std::nullopt;
    if (data.empty()) return Decoded<Inputs>{{}, {{"/data", "missing", "this member is required"}}};
    if (type == started) return with_run_id<TrainingStarted>(data);
    if (type == failed) return with_run_id<TrainingFailed>(data);
    return complete(events::from_json<TrainingCompleted>(data, "/data"));
}

}  // namespace sluice::listener
