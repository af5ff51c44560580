#include "tests/common/http/support.hpp"

namespace sluice::http {
namespace {

TEST_F(HttpServer, answers_with_the_headers_that_every_answer_carries) {
    route_echo();
    start();
    const auto answer = ask(get("/echo"));
    EXPECT_EQ(status_of(answer), 200);
    EXPECT_TRUE(has(answer, "Content-Length: 12\r\n")) << answer;
    EXPECT_TRUE(has(answer, "X-Content-Type-Options: nosniff\r\n"));
    EXPECT_TRUE(has(answer, "Cache-Control: no-store\r\n"));
    EXPECT_TRUE(has(answer, "Date: "));
    EXPECT_TRUE(has(answer, "\r\n\r\nGET /echo []"));
}

TEST_F(HttpServer, keeps_the_connection_and_answers_pipelined_requests_in_order) {
    route_echo();
    start();
    Peer peer{port};
    peer.send(post("/echo", "one") + post("/echo", "two") + get("/echo"));
    EXPECT_TRUE(has(peer.response(), "POST /echo [one]"));
    EXPECT_TRUE(has(peer.response(), "POST /echo [two]"));
    EXPECT_TRUE(has(peer.response(), "GET /echo []"));
    EXPECT_TRUE(has(peer.ask(get("/echo")), "GET /echo []"));
}

TEST_F(HttpServer, understands_a_request_that_arrives_byte_by_byte) {
    route_echo();
    start();
    Peer peer{port};
    for (const char c : post("/echo", "slow")) peer.send({&c, 1});
    EXPECT_TRUE(has(peer.response(), "POST /echo [slow]"));
}

TEST_F(HttpServer, gives_path_parameters_and_query_decoded_once) {
    route("GET", "/v1/models/{model}/versions/{n}", [](Request request, Respond respond) {
        Response response;
        response.body = request.path_params["model"] + "|" + request.path_params["n"] + "|" +
                        std::string{request.parameter("q").value_or("none")};
        respond(response);
    });
    start();
    EXPECT_TRUE(has(ask(get("/v1/models/a%20b/versions/7?q=x%2Fy+z")), "a b|7|x/y z"));
    EXPECT_TRUE(has(ask(get("/v1/models/a%252e/versions/7")), "a%2e|7|none"));
}

TEST_F(HttpServer, answers_head_like_get_without_the_body) {
    route_echo();
    start();
    Peer peer{port};
    peer.send("HEAD /echo HTTP/1.1\r\nHost: here\r\n\r\n");
    const auto answer = peer.response(true);
    EXPECT_EQ(status_of(answer), 200);
    EXPECT_TRUE(has(answer, "Content-Length: 13\r\n"));
    EXPECT_TRUE(has(peer.ask(get("/echo")), "\r\n\r\nGET /echo []"));
}

TEST_F(HttpServer, says_which_methods_a_path_knows) {
    route_echo();
    start();
    Peer peer{port};
    const auto answer = peer.ask("DELETE /echo HTTP/1.1\r\nHost: here\r\n\r\n");
    EXPECT_TRUE(is_problem(answer, 405, "method_not_allowed"));
    EXPECT_TRUE(has(answer, "Allow: GET, HEAD, POST\r\n"));
    EXPECT_TRUE(is_problem(peer.ask("TRACE /echo HTTP/1.1\r\nHost: here\r\n\r\n"), 405, "method_not_allowed"));
    EXPECT_TRUE(is_problem(peer.ask("CONNECT here:80 HTTP/1.1\r\nHost: here\r\n\r\n"), 405, "method_not_allowed"));
}

TEST_F(HttpServer, knows_nothing_of_other_paths_and_goes_on) {
    route_echo();
    start();
    Peer peer{port};
    EXPECT_TRUE(is_problem(peer.ask(get("/nowhere")), 404, "unknown_path"));
    EXPECT_EQ(status_of(peer.ask(get("/echo"))), 200);
}

TEST_F(HttpServer, closes_after_refusing_a_request_whose_body_it_did_not_read) {
    route_echo();
    start();
    Peer peer{port};
    const auto answer = peer.ask(post("/nowhere", "GET /echo HTTP/1.1\r\nHost: here\r\n\r\n"));
    EXPECT_TRUE(is_problem(answer, 404, "unknown_path"));
    EXPECT_TRUE(has(answer, "Connection: close\r\n"));
    EXPECT_TRUE(peer.ended());
}

TEST_F(HttpServer, closes_when_asked_to_and_after_http_1_0) {
    route_echo();
    start();
    Peer one{port};
    EXPECT_TRUE(has(one.ask("GET /echo HTTP/1.1\r\nHost: here\r\nConnection: Close\r\n\r\n"), "Connection: close\r\n"));
    EXPECT_TRUE(one.ended());
    Peer two{port};
    EXPECT_EQ(status_of(two.ask("GET /echo HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")), 200);
    EXPECT_TRUE(two.ended());
}

TEST_F(HttpServer, ignores_an_upgrade_that_it_does_not_speak) {
    route_echo();
    start();
    EXPECT_EQ(status_of(ask("GET /echo HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n")), 200);
}

TEST_F(HttpServer, asks_for_the_body_when_the_client_waits_to_be_asked) {
    route_echo();
    start();
    Peer peer{port};
    peer.send("POST /echo HTTP/1.1\r\nHost: here\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(peer.up_to("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    EXPECT_TRUE(has(peer.ask("body"), "POST /echo [body]"));
}

TEST_F(HttpServer, refuses_before_the_body_comes_when_the_client_waits_to_be_asked) {
    route_echo();
    start();
    const std::string head = "POST /echo HTTP/1.1\r\nHost: here\r\nExpect: 100-continue\r\nContent-Length: ";
    EXPECT_TRUE(is_problem(ask(head + "65537\r\n\r\n"), 413, "body_too_large"));
    EXPECT_TRUE(
        is_problem(ask("POST /echo HTTP/1.1\r\nHost: here\r\nExpect: tea\r\n\r\n"), 417, "expectation_unknown"));
}

TEST_F(HttpServer, reads_chunked_bodies_and_drops_their_trailers) {
    route("POST", "/admin", [](Request request, Respond respond) {
        Response response;
        response.body = request.body + (request.header("x-admin") ? " admin" : " nobody");
        respond(response);
    });
    start();
    Peer peer{port};
    const std::string chunks = "4;name=value\r\nWiki\r\n5\r\npedia\r\n0\r\nX-Admin: 1\r\nConnection: close\r\n\r\n";
    const std::string head = "POST /admin HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: Chunked\r\n\r\n";
    EXPECT_TRUE(has(peer.ask(head + chunks), "Wikipedia nobody"));
    EXPECT_TRUE(has(peer.ask(head + "0\r\n\r\n"), " nobody")) << "a trailer must not close the connection";
}

TEST_F(HttpServer, answers_later_and_only_once) {
    route("GET", "/later", [this](Request, Respond respond) {
        executor->post([respond] {
            respond({.status = 202, .headers = {}, .body = "first"});
            respond({.status = 200, .headers = {}, .body = "second"});
        });
    });
    start();
    Peer peer{port};
    EXPECT_TRUE(has(peer.ask(get("/later")), "first"));
    EXPECT_TRUE(has(peer.ask(get("/later")), "first"));
}

TEST_F(HttpServer, answers_500_when_a_handler_forgets_or_throws) {
    route("GET", "/forgets", [](Request, Respond) {});
    route("GET", "/throws", [](Request, Respond) { throw std::runtime_error{"secret"}; });
    start();
    Peer peer{port};
    EXPECT_TRUE(is_problem(peer.ask(get("/forgets")), 500, "not_answered"));
    const auto answer = peer.ask(get("/throws"));
    EXPECT_TRUE(is_problem(answer, 500, "not_answered"));
    EXPECT_FALSE(has(answer, "secret"));
}

TEST_F(HttpServer, survives_an_answer_after_the_peer_went_away) {
    std::promise<Respond> taken;
    route("GET", "/kept", [&](Request, Respond respond) { taken.set_value(std::move(respond)); });
    route_echo();
    start();
    Peer peer{port};
    peer.send(get("/kept"));
    Respond respond = taken.get_future().get();
    peer.close();
    there([&] { respond({.body = std::string(1024 * 1024, 'x')}); });
    there([&] { respond({}); });
    EXPECT_EQ(status_of(ask(get("/echo"))), 200);
}

TEST_F(HttpServer, survives_an_answer_after_the_server_itself_is_gone) {
    std::promise<Respond> taken;
    route("GET", "/kept", [&](Request, Respond respond) { taken.set_value(std::move(respond)); });
    start();
    Peer peer{port};
    peer.send(get("/kept"));
    Respond respond = taken.get_future().get();
    there([&] { server.reset(); });
    EXPECT_TRUE(peer.ended());
    there([&] { respond({}); });
}

TEST_F(HttpServer, never_lets_a_header_break_out_of_its_line) {
    route("GET", "/split", [](Request, Respond respond) {
        respond({.status = 200, .headers = {{"X-Name", "a\r\nSet-Cookie: evil"}}, .body = ""});
    });
    start();
    const auto answer = ask(get("/split"));
    EXPECT_TRUE(is_problem(answer, 500, "malformed_answer"));
    EXPECT_FALSE(has(answer, "Set-Cookie"));
}

TEST_F(HttpServer, sends_no_body_where_the_status_has_none) {
    route("GET", "/nothing", [](Request, Respond respond) { respond({.status = 204, .headers = {}, .body = "lost"}); });
    start();
    Peer peer{port};
    EXPECT_FALSE(has(peer.ask(get("/nothing")), "Content-Length"));
    EXPECT_EQ(status_of(peer.ask(get("/nothing"))), 204);
}

TEST_F(HttpServer, lets_running_requests_finish_when_it_drains) {
    std::promise<Respond> taken;
    std::promise<void> drained;
    route("GET", "/kept", [&](Request, Respond respond) { taken.set_value(std::move(respond)); });
    route_echo();
    start();
    Peer idle{port};
    EXPECT_EQ(status_of(idle.ask(get("/echo"))), 200);
    Peer running{port};
    running.send(get("/kept"));
    Respond respond = taken.get_future().get();
    there([&] { server->drain([&] { drained.set_value(); }); });
    EXPECT_TRUE(idle.ended());
    EXPECT_FALSE(Peer{port}.connected());
    there([&] { respond({.body = "done"}); });
    EXPECT_TRUE(has(running.response(), "Connection: close\r\n"));
    running.close();
    drained.get_future().wait();
    there([&] { EXPECT_EQ(server->connections(), 0U); });
}

TEST_F(HttpServer, tells_its_observer_routes_not_paths) {
    std::promise<std::vector<Served>> both;
    with_server().observe([&, seen = std::vector<Served>{}](const Served& served) mutable {
        seen.push_back(served);
        if (seen.size() == 2) both.set_value(seen);
    });
    route("GET", "/models/{m}", [](Request, Respond respond) { respond({}); });
    start();
    Peer peer{port};
    peer.ask(get("/models/fraud"));
    peer.ask(get("/elsewhere"));
    const auto seen = both.get_future().get();
    EXPECT_EQ(seen[0].method, "GET");
    EXPECT_EQ(seen[0].pattern, "/models/{m}");
    EXPECT_EQ(seen[0].status, 200);
    EXPECT_EQ(seen[1].method + seen[1].pattern, "");
    EXPECT_EQ(seen[1].status, 404);
}

TEST_F(HttpServer, says_what_to_do_when_it_cannot_listen) {
    start();
    there([&] {
        Server second{*executor};
        const auto taken = second.listen("127.0.0.1", port);
        ASSERT_FALSE(taken);
        EXPECT_TRUE(has(taken.failure().text(), "choose another address or port")) << taken.failure().text();
        EXPECT_FALSE(second.listen("localhost", 0));
    });
}

}  // namespace
}  // namespace sluice::http
