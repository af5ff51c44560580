#pragma once
#include "common/app/scorer.hpp"
#include "common/runtime/artifacts.hpp"
#include "services/serving/resident.hpp"

namespace sluice::serving {

/// Brings versions into memory, one at a time: reads and verifies the bytes, opens and warms them first in a child
/// process, and only then opens them here. Not thread-safe: all calls from the executor's thread, and so are the
/// answers.
class Loader {
public:
    static constexpr std::uint64_t artifact_bytes_max = 1ULL << 30;
    static constexpr int attempts_max = 5;

    using Loaded = std::variant<std::shared_ptr<const Resident>, Refusal>;
    using WarmUp = std::function<void(const app::WarmRequest&, std::function<void(core::Result<app::WarmAnswer>)>)>;

    Loader(runtime::Executor& executor, const runtime::Artifacts& artifacts, WarmUp warm_up, OpenModel open,
           std::chrono::milliseconds pause)
        : executor_{executor},
          artifacts_{artifacts},
          warm_up_{std::move(warm_up)},
          open_{std::move(open)},
          pause_{pause} {}
    ~Loader() { executor_.cancel(retry_); }
    Loader(const Loader&) = delete;
    Loader& operator=(const Loader&) = delete;

    /// Not while another load is under way. `done` is called once, never inside load(), and not after this is gone.
    /// What may pass is tried again a few times, with a pause, before it is a refusal.
    void load(Target target, std::function<void(Loaded)> done);
    bool busy() const { return bool(done_); }

private:
    void read();
    void warm_up(std::shared_ptr<const std::string> bytes);
    void open(std::shared_ptr<const std::string> bytes);
    void opened(core::Result<Opened> model);
    void finish(Loaded loaded);
    void fail(const char* code, const core::Failure& failure);

    /// Runs `work` on the thread for what blocks, and `then` with its result on the executor's.
    template <class Work, class Then> void elsewhere(Work work, Then then) {
        thread_.give([this, weak = std::weak_ptr(alive_), work = std::move(work), then = std::move(then)] {
            executor_.post([weak, then, result = std::make_shared<decltype(work())>(work())] {
                if (!weak.expired()) then(std::move(*result));
            });
        });
    }

    runtime::Executor& executor_;
    const runtime::Artifacts& artifacts_;
    WarmUp warm_up_;
    OpenModel open_;
    std::chrono::milliseconds pause_;
    Target target_;
    std::function<void(Loaded)> done_;
    int attempt_ = 0;
    runtime::Executor::TimerId retry_ = 0;
    std::shared_ptr<Loader*> alive_ = std::make_shared<Loader*>(this);
    Worker thread_{1, Worker::AtEnd::wait};
};

}  // namespace sluice::serving
