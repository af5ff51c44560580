#include "tests/common/http/support.hpp"

#include <atomic>

namespace sluice::http {
namespace {

/// Every bound of Limits and Route, each just passed.
using HttpLimits = HttpServer;

TEST_F(HttpLimits, the_head_has_a_size) {
    limits.head_bytes_max = 200;
    route_echo();
    start();
    EXPECT_EQ(status_of(ask("GET /echo HTTP/1.1\r\nHost: here\r\nX-Long: " + std::string(140, 'x') + "\r\n\r\n")), 200);
    const std::string endless = "GET /echo HTTP/1.1\r\nHost: here\r\nX-Long: " + std::string(200, 'x');
    EXPECT_TRUE(is_problem(ask(endless), 431, "headers_too_large"));
}

TEST_F(HttpLimits, headers_have_a_number) {
    limits.fields_max = 3;
    route_echo();
    start();
    EXPECT_EQ(status_of(ask("GET /echo HTTP/1.1\r\nHost: here\r\nA: 1\r\nB: 2\r\n\r\n")), 200);
    EXPECT_TRUE(
        is_problem(ask("GET /echo HTTP/1.1\r\nHost: here\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n"), 431, "too_many_headers"));
}

TEST_F(HttpLimits, the_target_has_a_size) {
    limits.target_bytes_max = 100;
    route_echo();
    start();
    EXPECT_EQ(status_of(ask(get("/echo?q=" + std::string(92, 'x')))), 200);
    EXPECT_TRUE(is_problem(ask(get("/echo?q=" + std::string(93, 'x'))), 414, "target_too_long"));
    EXPECT_TRUE(is_problem(ask("GET /" + std::string(9000, 'x')), 414, "target_too_long"));
}

TEST_F(HttpLimits, a_body_has_a_size_and_the_refusal_names_it) {
    route_echo();
    start();
    EXPECT_EQ(status_of(ask(post("/echo", std::string(64 * 1024, 'x')))), 200);
    const auto answer = ask(post("/echo", std::string(64 * 1024 + 1, 'x')));
    EXPECT_TRUE(is_problem(answer, 413, "body_too_large"));
    EXPECT_TRUE(has(answer, "\"bytes_max\":65536")) << answer;
}

TEST_F(HttpLimits, a_chunked_body_has_the_same_size) {
    route_echo();
    start();
    const std::string head = "POST /echo HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n";
    const std::string chunk = "8000\r\n" + std::string(0x8000, 'x') + "\r\n";
    EXPECT_EQ(status_of(ask(head + chunk + chunk + "0\r\n\r\n")), 200);
    EXPECT_TRUE(is_problem(ask(head + chunk + chunk + "1\r\nx\r\n0\r\n\r\n"), 413, "body_too_large"));
}

TEST_F(HttpLimits, chunk_headers_count_too) {
    route_echo();
    start();
    std::string tiny;
    for (int i = 0; i < 40'000; ++i) tiny += "1\r\nx\r\n";
    const std::string head = "POST /echo HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n";
    EXPECT_TRUE(is_problem(ask(head + tiny), 413, "body_too_large"));
}

TEST_F(HttpLimits, chunk_extensions_and_trailers_have_a_size) {
    route_echo();
    start();
    const std::string head = "POST /echo HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n";
    EXPECT_TRUE(
        is_problem(ask(head + "1;a=" + std::string(1100, 'x') + "\r\nx\r\n0\r\n\r\n"), 400, "malformed_request"));
    EXPECT_TRUE(is_problem(ask(head + "1;a=" + std::string(200'000, 'x')), 400, "malformed_request"));
    EXPECT_TRUE(is_problem(ask(head + "0\r\nX-A: " + std::string(100'000, 'x')), 400, "malformed_request"));
}

TEST_F(HttpLimits, a_head_has_a_time) {
    limits.head_time_max = 30ms;
    route_echo();
    start();
    Peer slow{port};
    slow.send("GET /echo HT");
    EXPECT_TRUE(is_problem(slow.response(), 408, "request_too_slow"));
    EXPECT_TRUE(slow.ended());
    EXPECT_TRUE(Peer{port}.ended()) << "who sends nothing gets nothing";
}

TEST_F(HttpLimits, dripping_bytes_do_not_extend_the_time_of_a_head) {
    limits.head_time_max = 50ms;
    route_echo();
    start();
    Peer slow{port};
    slow.send("GET /echo HTTP/1.1\r\nX: ");
    std::atomic<bool> answered = false;
    std::thread drip{[&] {
        for (int i = 0; i < 7000 && !answered; ++i) {
            slow.send("x");
            std::this_thread::yield();
        }
    }};
    const auto answer = slow.response();
    answered = true;
    drip.join();
    EXPECT_TRUE(is_problem(answer, 408, "request_too_slow"));
}

TEST_F(HttpLimits, a_body_has_a_time) {
    limits.body_time_base = 30ms;
    limits.bytes_per_second_min = 1024 * 1024;
    route_echo();
    start();
    EXPECT_TRUE(
        is_problem(ask("POST /echo HTTP/1.1\r\nHost: here\r\nContent-Length: 9\r\n\r\nhalf"), 408, "request_too_slow"));
}

TEST_F(HttpLimits, a_route_may_set_the_time_of_its_body) {
    Route upload{"POST", "/upload", [](Request, Respond respond) { respond({}); }};
    upload.body_time_max = 30ms;
    with_server().route(std::move(upload));
    start();
    EXPECT_TRUE(is_problem(ask("POST /upload HTTP/1.1\r\nHost: here\r\nContent-Length: 9\r\n\r\nhalf"), 408,
                           "request_too_slow"));
}

TEST_F(HttpLimits, a_handler_has_a_time) {
    std::promise<Respond> taken;
    Route slow{"GET", "/slow", [&](Request, Respond respond) { taken.set_value(std::move(respond)); }};
    slow.handler_time_max = 30ms;
    with_server().route(std::move(slow));
    start();
    Peer peer{port};
    const auto answer = peer.ask(get("/slow"));
    EXPECT_TRUE(is_problem(answer, 503, "answered_late"));
    EXPECT_TRUE(has(answer, "Retry-After: 1\r\n"));
    Respond late = taken.get_future().get();
    there([&] { late({}); });
    EXPECT_TRUE(is_problem(peer.ask(get("/nowhere")), 404, "unknown_path")) << "the late answer must not come out here";
}

TEST_F(HttpLimits, an_idle_connection_has_a_time) {
    limits.idle_time_max = 30ms;
    route_echo();
    start();
    Peer peer{port};
    EXPECT_EQ(status_of(peer.ask(get("/echo"))), 200);
    EXPECT_TRUE(peer.ended());
}

TEST_F(HttpLimits, an_answer_has_a_time) {
    limits.write_time_base = 30ms;
    limits.bytes_per_second_min = 1024 * 1024 * 1024;
    route("GET", "/large", [](Request, Respond respond) { respond({.body = std::string(64 * 1024 * 1024, 'x')}); });
    std::promise<void> served;
    with_server().observe([&](const Served&) { served.set_value(); });
    start();
    Peer peer{port};
    peer.send(get("/large"));
    served.get_future().wait();  // although this peer reads nothing
    EXPECT_LT(peer.all().size(), 64U * 1024 * 1024);
}

TEST_F(HttpLimits, lingering_has_a_time) {
    limits.linger_time_max = 30ms;
    route_echo();
    start();
    Peer peer{port};
    EXPECT_TRUE(is_problem(peer.ask(post("/nowhere", "x")), 404, "unknown_path"));
    EXPECT_TRUE(peer.ended());
    there([] {});
    std::promise<void> drained;
    there([&] { server->drain([&] { drained.set_value(); }); });
    drained.get_future().wait();  // although this peer never closed
}

TEST_F(HttpLimits, lingering_has_a_size) {
    limits.linger_bytes_max = 1;
    limits.linger_time_max = 1h;
    route_echo();
    start();
    Peer peer{port};
    peer.send(post("/nowhere", std::string(100'000, 'x')) + std::string(100'000, 'x'));
    std::promise<void> drained;
    there([&] { server->drain([&] { drained.set_value(); }); });
    drained.get_future().wait();
}

TEST_F(HttpLimits, connections_have_a_number) {
    limits.connections_max = 2;
    route_echo();
    start();
    Peer one{port}, two{port};
    EXPECT_EQ(status_of(one.ask(get("/echo"))), 200);
    EXPECT_EQ(status_of(two.ask(get("/echo"))), 200);
    Peer third{port};
    const auto answer = third.response();
    EXPECT_TRUE(is_problem(answer, 503, "too_many_connections"));
    EXPECT_TRUE(has(answer, "Retry-After: 1\r\n"));
    EXPECT_EQ(status_of(one.ask(get("/echo"))), 200);
}

TEST_F(HttpLimits, one_peer_may_not_take_all_connections) {
    limits.connections_per_peer_max = 1;
    route_echo();
    start();
    Peer one{port};
    EXPECT_EQ(status_of(one.ask(get("/echo"))), 200);
    EXPECT_TRUE(is_problem(Peer{port}.response(), 503, "too_many_connections"));
}

TEST_F(HttpLimits, requests_on_one_connection_have_a_number) {
    limits.requests_per_connection_max = 2;
    route_echo();
    start();
    Peer peer{port};
    EXPECT_FALSE(has(peer.ask(get("/echo")), "Connection: close\r\n"));
    EXPECT_TRUE(has(peer.ask(get("/echo")), "Connection: close\r\n"));
    EXPECT_TRUE(peer.ended());
}

TEST_F(HttpLimits, more_connections_than_files_are_refused_at_the_start) {
    limits.connections_max = std::size_t{1} << 40;
    const auto listening = with_server().listen("127.0.0.1", 0);
    ASSERT_FALSE(listening);
    EXPECT_TRUE(has(listening.failure().text(), "ulimit -n")) << listening.failure().text();
}

TEST_F(HttpLimits, hosts_may_be_limited) {
    limits.hosts = {"here", "[::1]"};
    route_echo();
    start();
    const auto asking = [&](const std::string& host) {
        return ask("GET /echo HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    };
    EXPECT_EQ(status_of(asking("HERE:8080")), 200);
    EXPECT_EQ(status_of(asking("[::1]")), 200);
    EXPECT_TRUE(is_problem(asking("evil.example"), 421, "host_not_served"));
}

}  // namespace
}  // namespace sluice::http
