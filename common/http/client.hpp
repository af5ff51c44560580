#pragma once
#include "common/http/message.hpp"
#include "common/runtime/executor.hpp"

#include <chrono>

namespace sluice::http {

struct ClientRequest {
    std::string method = "GET";
    std::string url;  ///< http://host[:port][/path][?query], already percent-encoded
    Headers headers = {};
    std::string body = {};
    std::string content_type = "application/json";  ///< sent where there is a body
    std::size_t body_max = 1024 * 1024;             ///< of the response
};

struct ClientResponse {
    int status = 0;
    Headers headers;  ///< names in lower case
    std::string body;

    std::optional<std::string_view> header(std::string_view name) const;
};

struct ClientLimits {
    std::size_t in_flight_max = 64;
    std::size_t idle_per_host_max = 8;
    std::size_t idle_hosts_max = 16;
    std::chrono::milliseconds idle_time_max{10000};  ///< shorter than the server's, which would close first
    std::size_t head_bytes_max = 16 * 1024;
};

/// Asks other processes over HTTP/1.1, keeping connections for reuse. http:// only; follows no redirect, sends no
/// cookie, knows no proxy. Any status is a response; a failure means that there was none. A request without side
/// effects (GET, HEAD, PUT, DELETE) is tried once more where a kept connection turns out to be closed.
class Client {
public:
    using Done = std::function<void(core::Result<ClientResponse>)>;

    explicit Client(runtime::Executor& executor, ClientLimits limits = {});
    /// Drops what is under way: its callbacks are not called. The executor must still exist.
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// `done` is called once, on the executor's thread, never inside send(). `timeout` is for all of it.
    void send(ClientRequest request, std::chrono::milliseconds timeout, Done done);

    std::size_t idle_connections() const;

private:
    struct Core;
    std::shared_ptr<Core> core_;
};

/// Sends and waits, on an executor of its own: for commands, not for services.
core::Result<ClientResponse> fetch(ClientRequest request, std::chrono::milliseconds timeout);

}  // namespace sluice::http
