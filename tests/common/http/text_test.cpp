#include "common/core/json_text.hpp"
#include "common/http/problem.hpp"
#include "common/http/render.hpp"
#include "common/http/routes.hpp"
#include "common/http/url.hpp"

#include <gtest/gtest.h>

namespace sluice::http {
namespace {

TEST(Problem, is_rfc_9457_with_a_stable_code) {
    const auto response = problem(409, "other_content", "Other content", "Ask \"again\".", "\"first\":\"x\"");
    EXPECT_EQ(response.content_type, "application/problem+json; charset=utf-8");
    EXPECT_EQ(response.body,
              "{\"type\":\"urn:sluice:problem:other_content\",\"title\":\"Other content\",\"status\":409,"
              "\"code\":\"other_content\",\"detail\":\"Ask \\\"again\\\".\",\"first\":\"x\"}");
}

TEST(Problem, escapes_whatever_text_it_is_given) {
    EXPECT_EQ(core::json_string("a\"\\\n\x01z"), "\"a\\\"\\\\\\u000a\\u0001z\"");
    EXPECT_EQ(core::json_string("größe €😀"), "\"größe €😀\"");
    EXPECT_EQ(core::json_string("\xff\xc0\xaf\xed\xa0\x80\xe2\x82"), "\"????????\"");
    EXPECT_EQ(core::json_string("\xf0\x80\x80\x80\xf5z\xe0\x80\x80"), "\"?????z???\"");
}

TEST(HttpDate, is_imf_fixdate) {
    EXPECT_EQ(http_date(784'111'777'000), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(http_date(1'709'164'800'999), "Thu, 29 Feb 2024 00:00:00 GMT");
}

Route to(std::string method, std::string pattern) { return {std::move(method), std::move(pattern), nullptr}; }

TEST(Routes, prefer_words_to_parameters_from_the_left) {
    Routes routes;
    routes.add(to("GET", "/{a}/{b}"));
    routes.add(to("GET", "/{a}/x"));
    routes.add(to("GET", "/m/{b}"));
    EXPECT_EQ(routes.find("GET", {"m", "x"}).route->pattern, "/m/{b}");
    EXPECT_EQ(routes.find("GET", {"n", "x"}).route->pattern, "/{a}/x");
    EXPECT_EQ(routes.find("GET", {"n", "y"}).route->pattern, "/{a}/{b}");
    EXPECT_FALSE(routes.find("GET", {"n"}).route);
    EXPECT_FALSE(routes.find("GET", {}).route);
}

TEST(Routes, answer_head_where_get_is_known_unless_it_has_its_own_route) {
    Routes routes;
    routes.add(to("GET", "/"));
    EXPECT_EQ(routes.find("HEAD", {}).route->method, "GET");
    EXPECT_EQ(routes.find("POST", {}).allowed, "GET, HEAD");
}

TEST(Routes, refuse_a_program_that_names_one_twice_or_wrongly) {
    Routes routes;
    routes.add(to("GET", "/{a}/x"));
    routes.add(to("PUT", "/{a}/x"));
    for (const auto* pattern : {"/{b}/x", "", "x", "/a//b", "/a/", "/{}", "/a{b}", "/{b"})
        EXPECT_THROW(routes.add(to("GET", pattern)), std::logic_error) << pattern;
}

TEST(Url, is_read_into_what_a_request_needs) {
    const auto full = read_url("HTTP://Here.example:8080/a?b=c");
    EXPECT_EQ(full->host, "Here.example");
    EXPECT_EQ(full->port, "8080");
    EXPECT_EQ(full->authority, "Here.example:8080");
    EXPECT_EQ(full->target, "/a?b=c");
    EXPECT_EQ(read_url("http://[::1]?x")->host, "::1");
    EXPECT_EQ(read_url("http://[::1]?x")->target, "/?x");
    EXPECT_EQ(read_url("http://here")->port, "80");
}

}  // namespace
}  // namespace sluice::http
