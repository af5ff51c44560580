#pragma once
#include "cli/command.hpp"
#include "cli/ended.hpp"
#include "cli/settings.hpp"
#include "common/runtime/executor.hpp"
#include "common/runtime/ports.hpp"

#include <chrono>
#include <iosfwd>

namespace sluice::cli {

/// What a run of the command finds outside itself: main.cpp brings the real ones, tests their own.
struct Surroundings {
    std::istream& in;
    std::ostream& out;
    std::ostream& err;
    Variable environment;
    std::filesystem::path folder;  ///< relative to which files are named
    bool can_redraw = false;       ///< `out` is a terminal that may be drawn over
    std::function<void(std::chrono::milliseconds)> sleep;
    std::function<std::unique_ptr<runtime::Ledger>(runtime::Executor&, const std::string& brokers)> open_ledger;
};

enum class Door { console, registry };
/// Whose token of ./dev up does for a request, where nobody said otherwise.
enum class Role { auditor, reviewer, operators };

struct Ask {
    std::string path;  ///< percent-encoded
    std::string method = "GET";
    std::string body = {};
    Role as = Role::auditor;
    Door door = Door::console;
};

/// One run of one command. What goes wrong is thrown as Ended, or as Refused where a server said it.
class Session {
public:
    Session(Surroundings& around, Common common);

    Surroundings& around() { return around_; }
    std::ostream& out() { return around_.out; }
    const Settings& settings() const { return settings_; }
    bool wants_json() const { return common_.json; }
    std::chrono::seconds timeout() const { return std::chrono::seconds{common_.timeout_s}; }

    /// The body of the answer. While the server is not ready it is asked again, once a second, until the time-out; an
    /// act keeps its Idempotency-Key, so it is done once.
    std::string ask(const Ask& ask);
    /// Nothing where there is no such thing.
    std::optional<std::string> find(const Ask& ask);

    /// For programs: the server's JSON, as a line.
    Exit print_json(const std::string& body);
    /// What was last asked, for messages: `GET http://…`.
    const std::string& last_asked() const { return last_asked_; }

private:
    std::pair<int, std::string> send(const Ask& ask);
    std::string token_for(Role role) const;
    std::string token_in_file(const std::string& path) const;

    Surroundings& around_;
    Common common_;
    Settings settings_;
    std::string last_asked_;
};

}  // namespace sluice::cli
