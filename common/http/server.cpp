#include "common/http/server.hpp"

#include "common/http/problem.hpp"
#include "common/http/render.hpp"
#include "common/http/session.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <sys/resource.h>

#include <algorithm>

namespace sluice::http {
namespace {

using net::ip::tcp;
using StatePtr = std::shared_ptr<ServerState>;
using WirePtr = std::shared_ptr<Wire>;

constexpr std::size_t refusing_max = 64;
constexpr rlim_t files_besides_connections = 128;

net::awaitable<void> serve(StatePtr state, WirePtr wire) {
    Session session{state, wire};
    co_await session.run();
}

/// Tells a connection over the limit why it ends. It is not a session: it must not be able to crowd out one.
net::awaitable<void> turn_away(StatePtr state, WirePtr wire) {
    ++state->refusing;
    Response response = retry_later("too_many_connections", "Too many connections",
                                    "This server has as many connections as it may; try again in a moment, and keep "
                                    "connections open to use them again.");
    const std::string head = render_head(response, false, state->executor.now());
    wire->deadline(state->limits.linger_time_max);
    if (co_await wire->write(head, response.body))
        co_await wire->linger(state->limits.linger_bytes_max, state->limits.linger_time_max);
    wire->close();
    --state->refusing;
}

bool has_room(const ServerState& state, const std::string& peer) {
    const auto known = state.per_peer.find(peer);
    return state.sessions.size() < state.limits.connections_max &&
           (known == state.per_peer.end() || known->second < state.limits.connections_per_peer_max);
}

void welcome(const StatePtr& state, tcp::socket socket) {
    auto wire = std::make_shared<Wire>(std::move(socket));
    auto& io = io_of(state->executor);
    if (has_room(*state, wire->peer()))
        net::co_spawn(io, serve(state, std::move(wire)), net::detached);
    else if (state->refusing < refusing_max)
        net::co_spawn(io, turn_away(state, std::move(wire)), net::detached);
}

net::awaitable<void> accept(StatePtr state) {
    net::steady_timer pause{io_of(state->executor)};
    while (state->acceptor.is_open()) {
        error_code ec;
        auto socket = co_await state->acceptor.async_accept(net::redirect_error(net::use_awaitable, ec));
        if (!state->acceptor.is_open()) break;
        if (!ec) {
            welcome(state, std::move(socket));
            continue;
        }
        // Mostly no file descriptors left: the connection waits in the backlog, and trying at once would only spin.
        pause.expires_after(std::chrono::milliseconds{100});
        co_await pause.async_wait(net::redirect_error(net::use_awaitable, ec));
    }
}

core::Failure cannot_listen(const std::string& where, const std::string& why) {
    return core::Failure::fatal("cannot listen on " + where + ": " + why,
                                "choose another address or port, or stop the process that has it");
}

/// Every connection is a file: finding that out under load would be too late.
core::Result<void> check_files(const Limits& limits) {
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) return {};
    const rlim_t wanted = limits.connections_max + files_besides_connections;
    if (files.rlim_cur == RLIM_INFINITY || files.rlim_cur >= wanted) return {};
    const rlim_t hard = files.rlim_max;
    files.rlim_cur = hard == RLIM_INFINITY ? wanted : std::min(wanted, hard);
    if (files.rlim_cur >= wanted && setrlimit(RLIMIT_NOFILE, &files) == 0) return {};
    return core::Failure::fatal(
        "the process may open " + std::to_string(hard) + " files, but its connections need " + std::to_string(wanted),
        "raise the limit (ulimit -n), or allow fewer connections");
}

error_code open(tcp::acceptor& acceptor, const tcp::endpoint& endpoint, int backlog) {
    error_code ec;
    acceptor.open(endpoint.protocol(), ec);
    if (!ec) acceptor.set_option(tcp::acceptor::reuse_address{true}, ec);
    if (!ec) acceptor.bind(endpoint, ec);
    if (!ec) acceptor.listen(backlog, ec);
    return ec;
}

}  // namespace

Server::Server(runtime::Executor& executor, Limits limits)
    : state_{std::make_shared<ServerState>(executor, std::move(limits))} {}

Server::~Server() { stop(); }

void Server::route(Route route) { state_->routes.add(std::move(route)); }

std::vector<std::pair<std::string, std::string>> Server::routes() const { return state_->routes.list(); }

void Server::observe(std::function<void(const Served&)> observer) { state_->observer = std::move(observer); }

core::Result<std::uint16_t> Server::listen(const std::string& bind, std::uint16_t port) {
    const std::string where = bind + ":" + std::to_string(port);
    error_code ec;
    const auto address = net::ip::make_address(bind, ec);
    if (ec) return cannot_listen(where, "that is no numeric address");
    if (auto enough = check_files(state_->limits); !enough) return enough.failure();
    ec = open(state_->acceptor, tcp::endpoint{address, port}, state_->limits.backlog);
    const auto local = ec ? tcp::endpoint{} : state_->acceptor.local_endpoint(ec);
    if (ec) {
        error_code ignored;
        state_->acceptor.close(ignored);
        return cannot_listen(where, ec.message());
    }
    net::co_spawn(io_of(state_->executor), accept(state_), net::detached);
    return local.port();
}

void Server::drain(std::function<void()> done) {
    error_code ignored;
    state_->draining = true;
    state_->acceptor.close(ignored);
    state_->drained = std::move(done);
    for (Session* session : state_->sessions)
        if (session->is_idle()) session->close();
    if (state_->sessions.empty() && state_->drained) state_->executor.post(std::exchange(state_->drained, nullptr));
}

void Server::stop() {
    error_code ignored;
    state_->draining = true;
    state_->drained = nullptr;
    state_->acceptor.close(ignored);
    for (Session* session : state_->sessions) session->close();
}

std::size_t Server::connections() const { return state_->sessions.size(); }

}  // namespace sluice::http
