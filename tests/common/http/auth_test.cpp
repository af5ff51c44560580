#include "common/http/auth.hpp"
#include "common/core/sha256.hpp"
#include "tests/common/http/support.hpp"

namespace sluice::http {
namespace {

Tokens some_tokens() {
    return *Tokens::from({{"trainer-1", {"trainer"}, core::sha256_hex("tt")},
                          {"reviewer-1", {"reviewer", "auditor"}, core::sha256_hex("rr")}});
}

Request with(Headers headers) {
    Request request;
    request.headers = std::move(headers);
    return request;
}

/// What a route for reviewers and operators answers.
Response asked_by(const Headers& headers) {
    const Tokens tokens = some_tokens();
    Response answer;
    const auto handler = guarded(tokens, {"reviewer", "operator"}, [](Actor actor, Request, Respond respond) {
        respond({.body = "hello " + actor.subject});
    });
    handler(with(headers), [&](Response response) { answer = std::move(response); });
    return answer;
}

TEST(Tokens, know_who_holds_one) {
    const auto actor = some_tokens().who(with({{"authorization", "Bearer rr"}}));
    ASSERT_TRUE(actor);
    EXPECT_EQ(actor->subject, "reviewer-1");
    EXPECT_TRUE(actor->has("auditor"));
    EXPECT_FALSE(actor->has("trainer"));
    EXPECT_TRUE(some_tokens().who(with({{"authorization", "bEARER tt"}})));
}

TEST(Tokens, know_nobody_else) {
    const Tokens tokens = some_tokens();
    EXPECT_FALSE(tokens.who(with({})));
    EXPECT_FALSE(tokens.who(with({{"authorization", "Bearer rr"}, {"authorization", "Bearer rr"}})));
    for (const std::string value : {"", "Bearer", "Bearer ", "Bearer r", "Bearer rrr", "Bearer  rr", "Basic rr", "rr"})
        EXPECT_FALSE(tokens.who(with({{"authorization", value}}))) << value;
    EXPECT_FALSE(tokens.who(with({{"authorization", "Bearer " + core::sha256_hex("rr")}})))
        << "the hash is not the token";
    const std::string long_one(513, 'x');
    const auto sized =
        *Tokens::from({{"x", {"x"}, core::sha256_hex(long_one)}, {"y", {"y"}, core::sha256_hex(long_one.substr(1))}});
    EXPECT_FALSE(sized.who(with({{"authorization", "Bearer " + long_one}})));
    EXPECT_TRUE(sized.who(with({{"authorization", "Bearer " + long_one.substr(1)}})));
}

TEST(Tokens, refuse_entries_that_mean_nothing) {
    const std::string hash = core::sha256_hex("x");
    EXPECT_FALSE(Tokens::from({{"", {"x"}, hash}}));
    EXPECT_FALSE(Tokens::from({{"x", {}, hash}}));
    EXPECT_FALSE(Tokens::from({{"x", {"x"}, "token"}}));
    EXPECT_FALSE(Tokens::from({{"x", {"x"}, hash}, {"y", {"y"}, hash}}));
    EXPECT_FALSE(Tokens::from(std::vector<Tokens::Entry>(10'001, {"x", {"x"}, hash})));
    EXPECT_TRUE(has(Tokens::from({{"x", {"x"}, "secret"}}).failure().text(), "sha256sum"));
    EXPECT_FALSE(has(Tokens::from({{"x", {"x"}, "secret"}}).failure().text(), "secret"));
}

TEST(Guarded, lets_pass_who_has_one_of_the_roles) {
    EXPECT_EQ(asked_by({{"authorization", "Bearer rr"}}).body, "hello reviewer-1");
}

TEST(Guarded, asks_strangers_for_a_token) {
    const auto answer = asked_by({{"authorization", "Bearer wrong"}});
    EXPECT_EQ(answer.status, 401);
    EXPECT_EQ(answer.headers, (Headers{{"WWW-Authenticate", "Bearer"}}));
    EXPECT_FALSE(has(answer.body, "wrong"));
}

TEST(Guarded, says_which_role_is_missing) {
    const auto answer = asked_by({{"authorization", "Bearer tt"}});
    EXPECT_EQ(answer.status, 403);
    EXPECT_TRUE(has(answer.body, "needs the role operator or reviewer, which trainer-1 does not have")) << answer.body;
}

TEST(Guarded, asks_only_for_a_known_actor_where_no_role_is_named) {
    EXPECT_FALSE(refuse(some_tokens(), {}, with({{"authorization", "Bearer tt"}})));
    EXPECT_EQ(refuse(some_tokens(), {}, with({}))->status, 401);
}

TEST_F(HttpServer, does_not_read_the_body_of_a_stranger) {
    const Tokens tokens = some_tokens();
    Route upload{"POST", "/upload", [](Request request, Respond respond) { respond({.body = request.body}); }};
    upload.guard = require(tokens, {"trainer"});
    with_server().route(std::move(upload));
    start();
    const std::string head = "POST /upload HTTP/1.1\r\nHost: here\r\nContent-Length: 4\r\nExpect: 100-continue\r\n";
    EXPECT_TRUE(is_problem(ask(head + "\r\n"), 401, "unauthenticated"));
    EXPECT_TRUE(is_problem(ask(head + "Authorization: Bearer rr\r\n\r\n"), 403, "role_missing"));
    EXPECT_EQ(ask(head + "Authorization: Bearer tt\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
}

}  // namespace
}  // namespace sluice::http
