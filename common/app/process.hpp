#pragma once
#include "common/app/options.hpp"
#include "common/core/result.hpp"
#include "common/http/auth.hpp"
#include "common/http/server.hpp"
#include "common/runtime/executor.hpp"
#include "common/runtime/log.hpp"
#include "common/runtime/metrics.hpp"

#include <functional>
#include <memory>
#include <string>

namespace sluice::app {

/// What every service is told.
struct CommonSettings {
    std::string cell = "main";
    std::string instance = "1";
    std::string kafka_brokers;
    std::string bind = "127.0.0.1";
    std::uint16_t admin_port = 0;
    std::string log_level = "info";
};
/// Declares them; the admin port as --<service>-admin-port.
void declare(Options& options, CommonSettings& settings, const std::string& service);

/// What every service is besides its own work: one thread, a log, metrics, and the admin port with /livez, /readyz,
/// /metrics, /version and /agenda. Lives from main() to its end.
class Process {
public:
    /// Nothing, or what keeps it from being ready, with advice.
    using Check = std::function<std::optional<core::Failure>()>;

    Process(std::string service, CommonSettings settings);
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    const std::string& service() const;
    const CommonSettings& settings() const;
    runtime::Executor& executor();
    const runtime::Log& log() const;
    runtime::Metrics& metrics();

    /// /readyz answers 200 when every check has nothing to say.
    void ready_when(Check check);
    /// What /agenda answers: JSON.
    void agenda_is(std::function<std::string()> text);
    /// A server whose requests are counted and timed, and which is drained on stop. Call listen() yourself: see
    /// serve().
    http::Server& server();
    /// Listens for the public on settings().bind; a port in use is explained and ends the process with 1.
    void serve(std::uint16_t port);
    /// Runs in reverse order on the way out.
    void on_stop(std::function<void()> work);

    /// Until SIGTERM or SIGINT; the exit code.
    int run();
    /// Ends the process as soon as may be, with this exit code; says why.
    void fail(const core::Failure& failure);

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

/// The bearer tokens that doors know: JSON {"tokens":[{"subject","roles":[…],"sha256"}]}.
core::Result<http::Tokens> read_tokens(const std::string& path);

/// For main(): what went wrong before there was a process; prints it, answers 1.
int refuse_to_start(const std::string& program, const core::Failure& failure);

}  // namespace sluice::app
