#pragma once
#include "common/runtime/log.hpp"
#include "common/runtime/metrics.hpp"
#include "services/mirror/copier.hpp"

namespace sluice::mirror {

/// The copier at work in a process: woken by news and by time, heard in the log and in metrics. All but the store's
/// calls happens on the executor's thread.
class Mirror {
public:
    /// All of them outlive this.
    struct Parts {
        runtime::Executor& executor;
        const runtime::Log& log;
        runtime::Metrics& metrics;
        runtime::Ledger& ledger;
        runtime::MirrorStore& store;
    };
    explicit Mirror(Parts parts);
    ~Mirror();
    Mirror(const Mirror&) = delete;
    Mirror& operator=(const Mirror&) = delete;

    /// For /readyz: why nothing is copied, or that it is still far behind; nothing while all is well.
    std::optional<core::Failure> not_ready() const;

private:
    struct Meters;
    void wake();
    void step();
    void say_what_changed();

    Parts parts_;
    ThreadedStore store_;
    Copier copier_;
    std::unique_ptr<Meters> meters_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
    bool woken_ = false;
    runtime::Executor::TimerId timer_ = 0;
    std::string said_;
};

}  // namespace sluice::mirror
