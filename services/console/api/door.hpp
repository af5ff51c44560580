#pragma once
#include "services/console/api/acts.hpp"

// The routes of the console, put together.
namespace sluice::console {

class Door {
public:
    /// What it works with; the tokens and the executor outlive the door.
    struct Parts {
        app::Desk<Decider> desk;
        runtime::Executor& executor;
        const http::Tokens& tokens;
        std::string cell;
    };

    explicit Door(Parts parts) : parts_{std::move(parts)}, acts_{parts_.desk, parts_.executor, parts_.cell} {}
    /// Before the server listens.
    void open(http::Server& server);

    /// To be called after each fold.
    void look() { acts_.look(); }
    /// Requests that wait for the ledger.
    std::size_t waiting() const { return acts_.waiting(); }

private:
    using Act = void (Acts::*)(http::Actor, http::Request, http::Respond);
    using Page = std::function<http::Response(const State&, const std::map<std::string, std::string>& path)>;

    void post(http::Server& server, const std::string& path, const std::string& role, Act act);
    void get(http::Server& server, const std::string& path, Page page);

    Parts parts_;
    Acts acts_;
};

}  // namespace sluice::console
