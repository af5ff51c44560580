#pragma once
#include "common/app/scorer_wire.hpp"
#include "common/process/children.hpp"
#include "common/runtime/executor.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

namespace sluice::app {

struct ScorerLimits {
    std::chrono::milliseconds wall{600'000};
    std::chrono::seconds cpu{600};
    std::uint64_t memory_bytes = 4ULL << 30;  ///< address space of one child; not enforced under sanitizers
    std::size_t running_max = 2;
};

/// Opens and scores models in a child process each, so that a model which crashes, hangs or eats memory is an answer.
/// Not thread-safe: all calls from the executor's thread, and so are the answers. When this is destroyed its children
/// are killed, and nothing is called any more.
///
/// `done` is called exactly once, never from inside the call, with an answer, which may be a refusal, or a failure:
/// poison: the model crashed its child or ran into a limit, which it names · retryable: cancelled, too many run
/// already, or the machine is out of something · fatal: sluice-scorer cannot be started, or is of another build.
class Scorer {
public:
    Scorer(runtime::Executor& executor, std::string path, ScorerLimits limits = {});

    process::CancelHandle evaluate(const EvaluateRequest& request,
                                   std::function<void(core::Result<EvaluateAnswer>)> done);
    process::CancelHandle warm(const WarmRequest& request, std::function<void(core::Result<WarmAnswer>)> done);

private:
    process::CancelHandle start(const ScorerRequest& request, std::function<void(core::Result<std::string>)> done);

    std::string path_;
    ScorerLimits limits_;
    process::Children children_;
};

/// The path of sluice-scorer in the folder of the running program.
std::string scorer_beside_this_program();

}  // namespace sluice::app
