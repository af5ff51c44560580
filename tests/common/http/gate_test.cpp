#include "tests/common/http/support.hpp"

namespace sluice::http {
namespace {

/// What two readers might frame differently: each is refused, the connection closed, and the rest never read as a
/// request.
class HttpGate : public HttpServer, public testing::WithParamInterface<std::pair<const char*, const char*>> {};

const std::string smuggled = "GET /echo?smuggled HTTP/1.1\r\nHost: here\r\n\r\n";

TEST_P(HttpGate, refuses_and_closes) {
    route_echo();
    start();
    Peer peer{port};
    peer.send(std::string{GetParam().second} + smuggled);
    EXPECT_TRUE(is_problem(peer.response(), 400, "malformed_request"));
    EXPECT_TRUE(peer.ended()) << "something was answered after the refusal";
}

#define POST_HERE "POST /echo HTTP/1.1\r\nHost: here\r\n"
#define CHUNKED POST_HERE "Transfer-Encoding: chunked\r\n\r\n"

INSTANTIATE_TEST_SUITE_P(
    Heads, HttpGate,
    testing::Values(
        std::pair{"unknown_encoding_with_length", POST_HERE "Transfer-Encoding: gzip\r\nContent-Length: 4\r\n\r\nbody"},
        std::pair{"unknown_encoding", POST_HERE "Transfer-Encoding: gzip\r\n\r\n"},
        std::pair{"chunked_not_last", POST_HERE "Transfer-Encoding: chunked, gzip\r\n\r\n"},
        std::pair{"chunked_twice", POST_HERE "Transfer-Encoding: chunked, chunked\r\n\r\n"},
        std::pair{"chunked_in_two_fields",
                  POST_HERE "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
        std::pair{"almost_chunked", POST_HERE "Transfer-Encoding: xchunked\r\nContent-Length: 4\r\n\r\nbody"},
        std::pair{"chunked_in_http_1_0", "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
        std::pair{"length_then_chunked", POST_HERE "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
        std::pair{"chunked_then_length", POST_HERE "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n"},
        std::pair{"length_list", POST_HERE "Content-Length: 4, 4\r\n\r\nbody"},
        std::pair{"length_repeated", POST_HERE "Content-Length: 4\r\nContent-Length: 4\r\n\r\nbody"},
        std::pair{"lengths_that_differ", POST_HERE "Content-Length: 4\r\nContent-Length: 5\r\n\r\nbody"},
        std::pair{"length_with_sign", POST_HERE "Content-Length: +4\r\n\r\nbody"},
        std::pair{"length_negative", POST_HERE "Content-Length: -4\r\n\r\nbody"},
        std::pair{"length_in_hex", POST_HERE "Content-Length: 0x4\r\n\r\nbody"},
        std::pair{"length_too_big", POST_HERE "Content-Length: 99999999999999999999\r\n\r\nbody"},
        std::pair{"length_empty", POST_HERE "Content-Length:\r\n\r\nbody"},
        std::pair{"no_host", "GET /echo HTTP/1.1\r\n\r\n"},
        std::pair{"two_hosts", "GET /echo HTTP/1.1\r\nHost: here\r\nHost: here\r\n\r\n"},
        std::pair{"odd_host", "GET /echo HTTP/1.1\r\nHost: he/re\r\n\r\n"},
        std::pair{"folded_header", POST_HERE "X-Long: a\r\n b\r\n\r\n"},
        std::pair{"folded_encoding", POST_HERE "Transfer-Encoding:\r\n\tchunked\r\n\r\n0\r\n\r\n"},
        std::pair{"space_before_colon", POST_HERE "Content-Length : 4\r\n\r\nbody"},
        std::pair{"underscore_in_name", POST_HERE "Content_Length: 4\r\n\r\n"},
        std::pair{"control_in_value", POST_HERE "X-A: a\x01z\r\n\r\n"},
        std::pair{"bare_line_feed", "GET /echo HTTP/1.1\nHost: here\n\n"},
        std::pair{"bare_carriage_return", "GET /echo HTTP/1.1\r\nHost: here\rX: y\r\n\r\n"},
        std::pair{"unknown_version", "GET /echo HTTP/2.0\r\nHost: here\r\n\r\n"},
        std::pair{"byte_not_ascii", "GET /echo\xff HTTP/1.1\r\nHost: here\r\n\r\n"},
        std::pair{"absolute_target", "GET http://here/echo HTTP/1.1\r\nHost: here\r\n\r\n"},
        std::pair{"fragment", "GET /echo#part HTTP/1.1\r\nHost: here\r\n\r\n"}),
    [](const auto& test) { return test.param.first; });

INSTANTIATE_TEST_SUITE_P(Chunks, HttpGate,
                         testing::Values(std::pair{"size_in_0x", CHUNKED "0x4\r\nbody\r\n0\r\n\r\n"},
                                         std::pair{"size_then_space", CHUNKED "4 \r\nbody\r\n0\r\n\r\n"},
                                         std::pair{"size_overflow", CHUNKED "10000000000000004\r\nbody\r\n0\r\n\r\n"},
                                         std::pair{"no_line_end", CHUNKED "4\r\nbody0\r\n\r\n"},
                                         std::pair{"quoted_extension", CHUNKED "4;a=\"\n\"\r\nbody\r\n0\r\n\r\n"},
                                         std::pair{"negative_size", CHUNKED "-4\r\nbody\r\n0\r\n\r\n"}),
                         [](const auto& test) { return test.param.first; });

class HttpPaths : public HttpServer {};

TEST_F(HttpPaths, that_could_mean_another_path_are_refused) {
    route("GET", "/files/{name}", [](Request, Respond respond) { respond({}); });
    start();
    for (const auto* path :
         {"/files/..", "/files/.", "//files/a", "/files//a", "/files/%2e%2e", "/files/a%2fb", "/files/a%5cb",
          "/files/a%00", "/files/%0a", "/files/%zz", "/files/%4", "/files/a\\b", "/files/", "/files/a?b=%0"})
        EXPECT_TRUE(is_problem(ask(get(path)), 400, "malformed_request")) << path;
}

}  // namespace
}  // namespace sluice::http
