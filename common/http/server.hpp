#pragma once
#include "common/http/limits.hpp"
#include "common/http/message.hpp"
#include "common/runtime/executor.hpp"

#include <chrono>
#include <cstdint>
#include <memory>

namespace sluice::http {

/// Asked before a body is taken. A failure answers the request as BodySink::write does.
using SinkFactory = std::function<core::Result<std::shared_ptr<BodySink>>(const Request& head)>;

/// Asked with the head alone, before any body is read: an answer refuses the request.
using Guard = std::function<std::optional<Response>(const Request& head)>;

struct Route {
    std::string method;
    /// `/v1/models/{m}/versions/{n}`: a segment is a word or a parameter; words win over parameters.
    std::string pattern;
    Handler handler;
    std::size_t body_max = 64 * 1024;
    std::chrono::milliseconds handler_time_max{15000};
    SinkFactory sink = {};
    Guard guard = {};
    std::chrono::milliseconds body_time_max{0};  ///< 0: the server's limit
};

/// For metrics: one answered request.
struct Served {
    std::string method;   ///< as routed; empty where no route matched, so that a stranger cannot invent labels
    std::string pattern;  ///< likewise
    int status = 0;
    std::chrono::microseconds took{0};  ///< from the request's first byte to the answer's last
};

struct ServerState;

/// HTTP/1.1 (and 1.0, one request per connection), strict in what it frames: where two readers could disagree about
/// where a request ends, it refuses and closes. No TLS, no Upgrade (ignored), no trailers (dropped). One request at a
/// time per connection. Its own refusals are RFC 9457 problems. A GET route answers HEAD as well.
class Server {
public:
    explicit Server(runtime::Executor& executor, Limits limits = {});
    /// As stop(). The executor must still exist.
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Before listen(). A malformed or repeated pattern is a mistake in the program: throws std::logic_error.
    void route(Route route);
    /// What is routed, in the order given: method and pattern.
    std::vector<std::pair<std::string, std::string>> routes() const;
    /// At most one observer, set before listen().
    void observe(std::function<void(const Served&)> observer);

    /// `bind` is a numeric address; port 0 picks a free one. Answers the port.
    core::Result<std::uint16_t> listen(const std::string& bind, std::uint16_t port);

    /// Accepts no more, closes idle connections, lets running requests finish; then calls `done`, on the executor.
    void drain(std::function<void()> done = {});
    /// Closes everything at once; answers that still come go nowhere.
    void stop();

    std::size_t connections() const;

private:
    std::shared_ptr<ServerState> state_;
};

}  // namespace sluice::http
