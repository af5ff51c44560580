#pragma once
#include "common/http/routes.hpp"
#include "common/http/wire.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <set>

namespace sluice::http {

class Session;

/// What a server's connections share. It outlives the Server while the last of them ends.
struct ServerState {
    ServerState(runtime::Executor& on, Limits bounds) : executor{on}, limits{std::move(bounds)}, acceptor{io_of(on)} {}

    runtime::Executor& executor;
    const Limits limits;
    Routes routes;
    std::function<void(const Served&)> observer;
    net::ip::tcp::acceptor acceptor;
    std::set<Session*> sessions;
    std::map<std::string, std::size_t> per_peer;
    std::size_t refusing = 0;  ///< connections over the limit that are being told so
    bool draining = false;
    std::function<void()> drained;
};

/// An answer on its way from a handler, which may keep it longer than the session lives.
struct Reply {
    std::optional<Response> response;
    net::steady_timer* wake = nullptr;  ///< none once nobody waits any more

    void give(Response answer);
};

/// One connection: reads a request, has it answered, and so on.
class Session {
public:
    Session(std::shared_ptr<ServerState> state, std::shared_ptr<Wire> wire);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    net::awaitable<void> run();
    bool is_idle() const { return idle_; }
    void close();

private:
    /// One exchange with all that becomes known about it on the way.
    struct Exchange;

    net::awaitable<bool> exchange();
    net::awaitable<bool> await_first_byte();
    net::awaitable<std::optional<Response>> read_request(Exchange& x);
    net::awaitable<std::optional<Response>> read_head(Exchange& x);
    net::awaitable<std::optional<Response>> read_body(Exchange& x);
    std::optional<Response> match_route(Exchange& x);
    std::optional<Response> admit_body(Exchange& x);
    std::optional<Response> take_body(Exchange& x);
    std::optional<Response> keep(Exchange& x, const std::string& content);
    net::awaitable<Response> answer(Exchange& x);
    net::awaitable<bool> send(Exchange& x, Response response);
    std::chrono::milliseconds body_time_max(const Exchange& x) const;

    std::shared_ptr<ServerState> state_;
    std::shared_ptr<Wire> wire_;
    std::string peer_;
    net::steady_timer answered_;
    std::shared_ptr<Reply> reply_;
    std::size_t requests_ = 0;
    bool idle_ = false;
    bool closed_ = false;
};

}  // namespace sluice::http
