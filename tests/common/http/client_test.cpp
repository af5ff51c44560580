#include "common/http/client.hpp"
#include "tests/common/http/support.hpp"

namespace sluice::http {
namespace {

using Answer = core::Result<ClientResponse>;

/// A server that says exactly what it is told to, whatever the request: one canned answer per connection, then it
/// closes.
class Canned {
public:
    explicit Canned(std::vector<std::string> answers) : listening_{::socket(AF_INET, SOCK_STREAM, 0)} {
        sockaddr_in address{};
        socklen_t size = sizeof address;
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(::bind(listening_, reinterpret_cast<sockaddr*>(&address), size), 0);
        EXPECT_EQ(::listen(listening_, 8), 0);
        ::getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size);
        port = ntohs(address.sin_port);
        thread_ = std::thread{[this, answers = std::move(answers)] { serve(answers); }};
    }
    ~Canned() {
        ::shutdown(listening_, SHUT_RDWR);
        thread_.join();
        ::close(listening_);
    }
    Canned(const Canned&) = delete;
    Canned& operator=(const Canned&) = delete;

    std::string url() const { return "http://127.0.0.1:" + std::to_string(port) + "/"; }
    std::uint16_t port = 0;

private:
    void serve(const std::vector<std::string>& answers) {
        for (const auto& answer : answers) {
            const int fd = ::accept(listening_, nullptr, nullptr);
            if (fd < 0) return;
            char bytes[4096];
            if (::recv(fd, bytes, sizeof bytes, 0) > 0 && !answer.empty())
                ::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL);
            ::close(fd);
        }
    }
    int listening_;
    std::thread thread_;
};

class HttpClient : public HttpServer {
protected:
    ClientLimits client_limits;
    std::unique_ptr<Client> client;

    std::string url(const std::string& target) const { return "http://127.0.0.1:" + std::to_string(port) + target; }

    Answer send(ClientRequest request, std::chrono::milliseconds timeout = 10s) {
        std::promise<Answer> answer;
        there([&] {
            if (!client) client = std::make_unique<Client>(*executor, client_limits);
            client->send(std::move(request), timeout, [&](Answer result) { answer.set_value(std::move(result)); });
        });
        return answer.get_future().get();
    }

    void TearDown() override {
        there([&] { client.reset(); });
        HttpServer::TearDown();
    }
};

TEST_F(HttpClient, asks_and_is_answered_over_one_connection) {
    route_echo();
    start();
    for (int i = 0; i < 3; ++i) {
        const auto answer = send({.method = "POST", .url = url("/echo"), .body = "hello"});
        ASSERT_TRUE(answer) << answer.failure().text();
        EXPECT_EQ(answer->status, 200);
        EXPECT_EQ(answer->body, "POST /echo [hello]");
        EXPECT_EQ(answer->header("content-type"), "text/plain");
    }
    there([&] {
        EXPECT_EQ(server->connections(), 1U);
        EXPECT_EQ(client->idle_connections(), 1U);
    });
}

TEST_F(HttpClient, sends_headers_and_understands_a_head_answer_and_an_empty_one) {
    route("GET", "/who", [](Request request, Respond respond) {
        respond({.status = 204, .headers = {{"X-Token", std::string{*request.header("authorization")}}}});
    });
    route_echo();
    start();
    EXPECT_EQ(send({.url = url("/who"), .headers = {{"Authorization", "Bearer t"}}})->header("x-token"), "Bearer t");
    EXPECT_EQ(send({.method = "HEAD", .url = url("/echo")})->body, "");
    there([&] { EXPECT_EQ(client->idle_connections(), 1U); });
}

TEST_F(HttpClient, takes_any_status_for_an_answer) {
    start();
    EXPECT_EQ(send({.url = url("/nowhere")})->status, 404);
}

TEST_F(HttpClient, gives_up_in_time) {
    std::promise<Respond> taken;
    route("GET", "/never", [&](Request, Respond respond) { taken.set_value(std::move(respond)); });
    start();
    const auto answer = send({.url = url("/never")}, 30ms);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.failure().kind, core::Failure::Kind::retryable);
    EXPECT_TRUE(has(answer.failure().what, "in time")) << answer.failure().what;
    Respond respond = taken.get_future().get();
    there([&] { respond({}); });
}

TEST_F(HttpClient, says_who_could_not_be_reached) {
    start();
    std::uint16_t free_port = Canned{{}}.port;
    const auto answer = send({.url = "http://127.0.0.1:" + std::to_string(free_port) + "/"});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.failure().kind, core::Failure::Kind::retryable);
    EXPECT_TRUE(has(answer.failure().what, "127.0.0.1:" + std::to_string(free_port))) << answer.failure().what;
}

TEST_F(HttpClient, asks_again_where_a_kept_connection_had_closed) {
    start();
    const std::string once = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    Canned canned{{once, once}};
    EXPECT_EQ(send({.url = canned.url()})->body, "ok");
    EXPECT_EQ(send({.url = canned.url()})->body, "ok");
}

TEST_F(HttpClient, passes_over_interim_answers_and_reads_chunks_and_bodies_until_the_end) {
    start();
    Canned canned{
        {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
         "HTTP/1.1 200 OK\r\n\r\nuntil the end"}};
    EXPECT_EQ(send({.url = canned.url(), .headers = {{"Connection", "close"}}})->body, "ok");
    EXPECT_EQ(send({.url = canned.url()})->body, "until the end");
}

TEST_F(HttpClient, refuses_answers_that_are_broken_or_too_large) {
    start();
    client_limits.head_bytes_max = 1000;
    Canned canned{{"SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/1.1 200 OK\r\nX: " + std::string(1000, 'x') + "\r\n\r\n",
                   "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nlong",
                   "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhal", ""}};
    EXPECT_TRUE(has(send({.url = canned.url()}).failure().what, "cannot be used"));
    EXPECT_TRUE(has(send({.url = canned.url()}).failure().what, "head is too long"));
    EXPECT_TRUE(has(send({.url = canned.url(), .body_max = 2}).failure().what, "longer than 2 bytes"));
    EXPECT_TRUE(has(send({.url = canned.url()}).failure().what, "connection broke"));
    EXPECT_TRUE(has(send({.url = canned.url()}).failure().what, "connection broke"));
}

TEST_F(HttpClient, bounds_what_is_under_way_and_what_is_kept) {
    client_limits.in_flight_max = 2;
    client_limits.idle_per_host_max = 1;
    std::vector<Respond> waiting;
    route("GET", "/wait", [&](Request, Respond respond) {
        waiting.push_back(std::move(respond));
        if (waiting.size() == 2)
            for (auto& each : waiting) each({});
    });
    start();
    std::promise<Answer> first, second, third;
    there([&] {
        client = std::make_unique<Client>(*executor, client_limits);
        for (auto* promise : {&first, &second, &third})
            client->send({.url = url("/wait")}, 10s,
                         [promise](Answer answer) { promise->set_value(std::move(answer)); });
    });
    EXPECT_TRUE(has(third.get_future().get().failure().what, "too many requests"));
    EXPECT_TRUE(first.get_future().get());
    EXPECT_TRUE(second.get_future().get());
    there([&] { EXPECT_EQ(client->idle_connections(), 1U); });
}

TEST_F(HttpClient, does_not_use_a_connection_that_was_idle_for_too_long) {
    client_limits.idle_time_max = 0ms;
    route_echo();
    start();
    EXPECT_TRUE(send({.url = url("/echo")}));
    EXPECT_TRUE(send({.url = url("/echo")}));
    there([&] { EXPECT_EQ(client->idle_connections(), 1U); });
}

TEST_F(HttpClient, keeps_connections_to_a_limited_number_of_hosts) {
    client_limits.idle_hosts_max = 1;
    route_echo();
    start();
    EXPECT_TRUE(send({.url = url("/echo")}));
    EXPECT_TRUE(send({.url = "http://localhost:" + std::to_string(port) + "/echo"}));
    there([&] { EXPECT_EQ(client->idle_connections(), 1U); });
}

TEST_F(HttpClient, drops_what_is_under_way_when_it_is_destroyed) {
    std::promise<Respond> taken;
    route("GET", "/never", [&](Request, Respond respond) { taken.set_value(std::move(respond)); });
    start();
    bool called = false;
    there([&] {
        client = std::make_unique<Client>(*executor);
        client->send({.url = url("/never")}, 10s, [&](const Answer&) { called = true; });
        Client{*executor}.send({.url = "nonsense"}, 10s, [&](const Answer&) { called = true; });
    });
    Respond respond = taken.get_future().get();
    there([&] { client.reset(); });
    there([&] { respond({}); });
    there([] {});
    EXPECT_FALSE(called);
}

TEST_F(HttpClient, fetches_for_commands_on_an_executor_of_its_own) {
    route_echo();
    start();
    EXPECT_EQ(fetch({.url = url("/echo")}, 10s)->body, "GET /echo []");
    EXPECT_EQ(fetch({.url = "http://localhost:" + std::to_string(port) + "/echo"}, 10s)->body, "GET /echo []");
}

TEST(Fetch, refuses_what_it_cannot_ask) {
    for (const auto* url :
         {"https://here/", "here/", "http://", "http:///path", "http://user:secret@here/", "http://here:/",
          "http://here:port/", "http://[::1/", "http://here/a b", "http://here/\r\nX: y", "http://here/#part"}) {
        const auto answer = fetch({.url = url}, 1s);
        ASSERT_FALSE(answer) << url;
        EXPECT_EQ(answer.failure().kind, core::Failure::Kind::fatal) << url;
        EXPECT_FALSE(has(answer.failure().text(), "secret"));
    }
    EXPECT_FALSE(fetch({.url = "http://127.0.0.1:1/", .headers = {{"X", "a\r\nY: b"}}}, 1s));
    EXPECT_FALSE(fetch({.method = "GET /", .url = "http://127.0.0.1:1/"}, 1s));
}

}  // namespace
}  // namespace sluice::http
