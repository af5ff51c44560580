#pragma once
#include "services/listener/api/events.hpp"
#include "services/listener/api/uploads.hpp"

// The routes of the listener, put together.
namespace sluice::listener {

class Door {
public:
    /// What it works with; all of it outlives the door.
    struct Parts {
        Desk desk;
        runtime::Executor& executor;
        runtime::Artifacts& artifacts;
        const http::Tokens& tokens;
        runtime::Metrics& metrics;
        runtime::Publisher& publisher;
        std::string cell;
        std::uint64_t upload_bytes_max;
    };

    explicit Door(Parts parts);
    /// Before the server listens.
    void open(http::Server& server);

    /// To be called after each fold.
    void look() { asking_.look(); }
    /// Requests that wait for the ledger.
    std::size_t waiting() const { return asking_.waiting(); }

private:
    http::Guard ready_for(std::set<std::string> any_of_roles) const;
    void answer_request(const http::Request& request, const http::Respond& respond) const;

    Parts parts_;
    Asking asking_;
    Quarantine quarantine_;
    Events events_;
    Uploads uploads_;
};

}  // namespace sluice::listener
