#pragma once
#include "common/core/result.hpp"
#include "services/serving/decider.hpp"
#include "services/serving/worker.hpp"

#include <chrono>
#include <memory>
#include <span>

namespace sluice::serving {

/// A model in memory. `score` may be called from any thread; it answers one score a row.
struct Opened {
    std::size_t width = 0;
    std::function<core::Result<std::vector<float>>(std::span<const float> rows, std::size_t count)> score;
};
using OpenModel = std::function<core::Result<Opened>(std::string_view bytes)>;

/// By ONNX Runtime.
core::Result<Opened> open_onnx(std::string_view bytes);

/// A version that is ready to score. It has a thread of its own, so that one that is slow delays nobody else.
class Resident {
public:
    static constexpr std::size_t waiting_max = 1024;
    using Clock = std::chrono::steady_clock;
    using Scores = core::Result<std::vector<float>>;

    Resident(Target which, Opened model)
        : target{std::move(which)}, model_{std::make_shared<Opened>(std::move(model))} {}

    const Target target;

    /// `done` is called on the version's own thread, and not at all if that comes to it only after `deadline`.
    /// False: too many wait; nothing was taken.
    bool score(std::vector<float> rows, std::size_t count, Clock::time_point deadline,
               std::function<void(Scores)> done) const {
        return thread_.give([model = model_, rows = std::move(rows), count, deadline, done = std::move(done)] {
            if (Clock::now() < deadline) done(model->score(rows, count));
        });
    }

private:
    std::shared_ptr<const Opened> model_;
    mutable Worker thread_{waiting_max, Worker::AtEnd::abandon};  // a model may hang
};

}  // namespace sluice::serving
