#pragma once
#include "common/http/asio_executor.hpp"
#include "common/http/server.hpp"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <future>
#include <thread>

namespace sluice::http {

using namespace std::chrono_literals;

/// A peer that can misbehave: a plain blocking socket. Waits that never end would hang a test, so they give up after 20
/// s.
class Peer {
public:
    explicit Peer(std::uint16_t port) : fd_{::socket(AF_INET, SOCK_STREAM, 0)} {
        const timeval patience{20, 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        connected_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    }
    ~Peer() { close(); }
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    bool connected() const { return connected_; }

    void send(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
    }

    /// One whole response, with its head; what there was when the connection ended, if it ended before.
    std::string response(bool bodiless = false) {
        const std::string head = up_to("\r\n\r\n");
        const auto at = head.find("Content-Length: ");
        const std::size_t length = at == std::string::npos || bodiless ? 0 : std::stoul(head.substr(at + 16));
        while (in_.size() < length && more()) {
        }
        return head + take(length);
    }

    std::string up_to(std::string_view mark) {
        std::size_t found;
        while ((found = in_.find(mark)) == std::string::npos)
            if (!more()) return take(in_.size());
        return take(found + mark.size());
    }

    std::string all() {
        while (more()) {
        }
        return take(in_.size());
    }

    /// The server has closed, and had nothing more to say.
    bool ended() { return in_.empty() && !more(); }

    std::string ask(std::string_view request) {
        send(request);
        return response();
    }

    void close() {
        if (fd_ >= 0) ::close(fd_);
        fd_ = -1;
    }

private:
    bool more() {
        char bytes[16384];
        const auto count = ::recv(fd_, bytes, sizeof bytes, 0);
        if (count > 0) in_.append(bytes, static_cast<std::size_t>(count));
        return count > 0;
    }
    std::string take(std::size_t size) {
        std::string out = in_.substr(0, size);
        in_.erase(0, size);
        return out;
    }

    int fd_;
    bool connected_ = false;
    std::string in_;
};

/// A server on its own thread, on a free port of this machine.
class HttpServer : public testing::Test {
protected:
    Limits limits;
    std::unique_ptr<runtime::Executor> executor = make_executor();
    std::unique_ptr<Server> server;
    std::uint16_t port = 0;

    Server& with_server() {
        if (!server) server = std::make_unique<Server>(*executor, limits);
        return *server;
    }

    void route(std::string method, std::string pattern, Handler handler) {
        with_server().route({std::move(method), std::move(pattern), std::move(handler)});
    }

    /// Answers with what it understood: method, path parameters and body.
    void route_echo() {
        const auto echo = [](Request request, Respond respond) {
            Response response;
            response.content_type = "text/plain";
            response.body = request.method + " " + request.path + " [" + request.body + "]";
            respond(response);
        };
        route("GET", "/echo", echo);
        route("POST", "/echo", echo);
    }

    void start() {
        const auto listening = with_server().listen("127.0.0.1", 0);
        ASSERT_TRUE(listening) << listening.failure().text();
        port = *listening;
        thread_ = std::thread{[this] { executor->run(); }};
    }

    /// Runs `work` on the executor's thread and waits for it.
    void there(std::function<void()> work) {
        std::promise<void> done;
        executor->post([&] {
            work();
            done.set_value();
        });
        done.get_future().wait();
    }

    std::string ask(std::string_view request) { return Peer{port}.ask(request); }

    void TearDown() override {
        if (thread_.joinable()) {
            executor->stop();
            thread_.join();
        }
        server.reset();
    }

private:
    std::thread thread_;
};

inline std::string get(const std::string& target) { return "GET " + target + " HTTP/1.1\r\nHost: here\r\n\r\n"; }

inline std::string post(const std::string& target, const std::string& body) {
    return "POST " + target + " HTTP/1.1\r\nHost: here\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           body;
}

inline int status_of(const std::string& response) {
    return response.size() < 12 ? 0 : std::stoi(response.substr(9, 3));
}

inline bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// A refusal of the server's own: status, code, and a body in the problem's form.
inline testing::AssertionResult is_problem(const std::string& response, int status, const std::string& code) {
    if (status_of(response) == status && has(response, "Content-Type: application/problem+json; charset=utf-8\r\n") &&
        has(response, "\"code\":\"" + code + "\"") && has(response, "\"status\":" + std::to_string(status)))
        return testing::AssertionSuccess();
    return testing::AssertionFailure() << "not the problem " << status << " " << code << ": " << response;
}

}  // namespace sluice::http
