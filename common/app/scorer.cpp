#include "common/app/scorer.hpp"

#include <csignal>
#include <cstring>
#include <filesystem>

namespace sluice::app {
namespace {

using core::Failure;
using core::Result;
using process::Outcome;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool memory_can_be_limited = false;  // a sanitizer reserves terabytes of address space
#else
constexpr bool memory_can_be_limited = true;
#endif

constexpr int exit_not_started = 127;  // by the dynamic loader, too
constexpr auto convert_again =
    "score the model on this data in Python with the same release of ONNX Runtime, and convert it again";

Failure cannot_start(const std::string& what) {
    return Failure::fatal(what, "set SLUICE_SCORER_PATH to the program sluice-scorer of this build");
}

Failure out_of_memory(const ScorerLimits& limits) {
    return Failure::poison("the model needed more than " + std::to_string(limits.memory_bytes >> 20) + " MiB of memory",
                           "make the model or the data smaller, or raise the limit");
}

Failure killed(int signal, const ScorerLimits& limits) {
    if (signal == SIGXCPU)
        return Failure::poison("the model took more than " + std::to_string(limits.cpu.count()) + " s of CPU time",
                               "make the model or the data smaller, or raise the limit");
    const auto name = "signal " + std::to_string(signal) + " (" + ::strsignal(signal) + ")";
    if (signal == SIGKILL)
        return Failure::poison("the process that scored the model was killed from outside by " + name,
                               "look whether this machine ran out of memory");
    return Failure::poison("the model crashed the process that scored it by " + name, convert_again);
}

Result<std::string> exited(Outcome outcome, const ScorerLimits& limits) {
    if (outcome.number == 0) return std::move(outcome.out);
    if (outcome.number == exit_out_of_memory) return out_of_memory(limits);
    if (outcome.number == exit_try_again) return Failure::retryable(outcome.err, "");
    if (outcome.number == exit_not_started) return cannot_start("sluice-scorer misses a shared library");
    return Failure::poison("the process that scored the model ended with code " + std::to_string(outcome.number),
                           convert_again);
}

Result<std::string> answer_of(Result<Outcome> result, const ScorerLimits& limits) {
    if (!result && result.failure().kind == Failure::Kind::fatal) return cannot_start(result.failure().what);
    if (!result) return result.failure();
    switch (result->end) {
        case Outcome::End::exited: return exited(std::move(*result), limits);
        case Outcome::End::killed: return killed(result->number, limits);
        case Outcome::End::timed_out:
            return Failure::poison("the model took more than " + std::to_string(limits.wall.count()) + " ms",
                                   "make the model or the data smaller, or raise the limit");
        case Outcome::End::output_too_large:
            return Failure::poison("the process that scored the model wrote too much", convert_again);
        case Outcome::End::cancelled:
            return Failure::retryable("scoring the model was cancelled", "ask again if it is still wanted");
    }
    return Failure::fatal("a child process ended in no known way", "report this as a bug");
}

template <class Answer> Result<Answer> read(Result<std::string> text, Result<Answer> (*decode)(std::string_view)) {
    if (!text) return text.failure();
    auto answer = decode(*text);
    if (!answer) return cannot_start("sluice-scorer answers in a way that this program does not know");
    return answer;
}

}  // namespace

Scorer::Scorer(runtime::Executor& executor, std::string path, ScorerLimits limits)
    : path_{std::move(path)}, limits_{limits}, children_{executor, limits.running_max} {}

process::CancelHandle Scorer::evaluate(const EvaluateRequest& request,
                                       std::function<void(Result<EvaluateAnswer>)> done) {
    return start(request, [done = std::move(done)](auto text) { done(read(std::move(text), decode_evaluated)); });
}

process::CancelHandle Scorer::warm(const WarmRequest& request, std::function<void(Result<WarmAnswer>)> done) {
    return start(request, [done = std::move(done)](auto text) { done(read(std::move(text), decode_warmed)); });
}

process::CancelHandle Scorer::start(const ScorerRequest& request, std::function<void(Result<std::string>)> done) {
    process::Command command{{path_}, encode(request), {"ORT_DISABLE_TELEMETRY=1"}, {}};
    command.limits.wall = limits_.wall;
    command.limits.cpu = limits_.cpu;
    if (memory_can_be_limited) command.limits.memory_bytes = limits_.memory_bytes;
    return children_.start(std::move(command), [limits = limits_, done = std::move(done)](auto outcome) {
        done(answer_of(std::move(outcome), limits));
    });
}

std::string scorer_beside_this_program() {
    std::error_code error;
    const auto me = std::filesystem::read_symlink("/proc/self/exe", error);
    return (me.parent_path() / "sluice-scorer").string();
}

}  // namespace sluice::app
