#pragma once
#include "common/core/result.hpp"

#include <functional>
#include <memory>
#include <string>

namespace sluice::postgres {

struct Transaction;  // transaction.hpp, for this room only

/// in_doubt: the connection broke while the answer to COMMIT was awaited. It may be committed: look.
enum class Commit { done, in_doubt };

/// A connection that is made when it is first needed, and anew after each failure, so that no half-dead session is ever
/// used again. Calls wait for the server, with limits. One thread at a time.
class Connection {
public:
    /// `url` as libpq takes it: postgresql://… or key=value pairs.
    explicit Connection(std::string url);
    ~Connection();

    /// Runs `work` in one transaction and commits it; a failure, of the server or of `work`, rolls it back. Failures of
    /// the server are retryable (away, overloaded, waiting too long), poison (it cannot hold these values) or fatal (no
    /// such table, not permitted).
    core::Result<Commit> transact(const std::function<core::Result<void>(Transaction&)>& work);

private:
    struct Session;
    std::string url_;
    std::unique_ptr<Session> session_;
};

/// `url` with limits on every wait, each where it does not set its own.
std::string with_limits(std::string url);

}  // namespace sluice::postgres
