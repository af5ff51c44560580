#pragma once
#include "common/core/result.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace sluice::process {

class Descriptor;

/// What a child process may use.
struct Limits {
    std::chrono::milliseconds wall{60'000};
    std::chrono::seconds cpu{60};
    std::uint64_t memory_bytes = 0;              ///< address space; 0 is without a limit
    std::size_t output_bytes_max = 1024 * 1024;  ///< of stdout; of stderr that much is kept and the rest dropped
};

struct Command {
    std::vector<std::string> argv;         ///< the program's path first; PATH is not searched
    std::string input;                     ///< what it reads from stdin
    std::vector<std::string> environment;  ///< NAME=value, the whole of it: nothing is inherited
    Limits limits;
};

/// How a child ended: values, not failures, because a child that misbehaves is an answer too.
struct Outcome {
    enum class End {
        exited,            ///< `number` is the exit code
        killed,            ///< by a signal that was not ours, `number`; SIGXCPU is the limit on CPU time
        timed_out,         ///< by us, at the wall-clock limit
        output_too_large,  ///< by us, when stdout passed its limit
        cancelled,         ///< by us, on request
    };
    End end = End::exited;
    int number = 0;
    std::string out;
    std::string err;
};

/// Stops a running child, from any thread. Copies stop the same one; letting go of it stops nothing.
class CancelHandle {
public:
    CancelHandle();
    void cancel() const;
    /// Readable once cancelled; negative when the process has no descriptors left.
    int event() const;

private:
    std::shared_ptr<const Descriptor> event_;
};

/// Runs a child to its end and waits for it. The child and all that it starts are one process group, which is killed
/// when the child ends, and with this thread. It has no open files but 0, 1 and 2, and can gain no privileges. Fatal:
/// the program cannot be started. Retryable: this machine has no processes, memory or descriptors left.
core::Result<Outcome> run(const Command& command, const CancelHandle& cancel = {});

}  // namespace sluice::process
