#include "tests/common/http/support.hpp"

namespace sluice::http {
namespace {

struct Collected : BodySink {
    core::Result<void> write(std::string_view bytes) override {
        if (bytes.find("poison") != bytes.npos) return core::Failure::poison("the bytes are bad", "send others");
        if (bytes.find("full") != bytes.npos) return core::Failure::retryable("the disk is full", "free some space");
        size += bytes.size();
        writes += 1;
        return {};
    }
    std::size_t size = 0;
    std::size_t writes = 0;
};

/// PUT /blobs, at most 8 MiB, answered with the size that arrived.
class HttpSink : public HttpServer {
protected:
    std::vector<std::weak_ptr<BodySink>> opened;

    void SetUp() override {
        Route blobs{"PUT", "/blobs", [](Request request, Respond respond) {
                        const auto& collected = static_cast<const Collected&>(*request.sink);
                        respond({.body = std::to_string(collected.size) +
                                         " in many: " + (collected.writes > 1 ? "yes" : "no") + request.body});
                    }};
        blobs.body_max = 8 * 1024 * 1024;
        blobs.sink = [this](const Request& head) -> core::Result<std::shared_ptr<BodySink>> {
            if (head.header("x-refuse")) return core::Failure::retryable("the store is away", "wait");
            std::shared_ptr<BodySink> sink = std::make_shared<Collected>();
            opened.push_back(sink);
            return sink;
        };
        with_server().route(std::move(blobs));
        start();
    }

    std::string put(const std::string& body, const std::string& header = "") {
        return ask("PUT /blobs HTTP/1.1\r\nHost: here\r\n" + header + "Content-Length: " + std::to_string(body.size()) +
                   "\r\n\r\n" + body);
    }
};

TEST_F(HttpSink, takes_a_large_body_in_pieces_that_nobody_holds_whole) {
    EXPECT_TRUE(has(put(std::string(5'000'000, 'x')), "5000000 in many: yes"));
}

TEST_F(HttpSink, takes_a_chunked_body_and_an_empty_one) {
    const std::string head = "PUT /blobs HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n";
    EXPECT_TRUE(has(ask(head + "4\r\nWiki\r\n5\r\npedia\r\n0\r\n\r\n"), "9 in many"));
    EXPECT_TRUE(has(put(""), "0 in many: no"));
}

TEST_F(HttpSink, refuses_what_is_too_large_before_opening_it) {
    const std::string head = "PUT /blobs HTTP/1.1\r\nHost: here\r\nContent-Length: 8388609\r\n\r\n";
    EXPECT_TRUE(is_problem(ask(head), 413, "body_too_large"));
    there([&] { EXPECT_TRUE(opened.empty()); });
}

TEST_F(HttpSink, answers_a_failure_by_its_kind_with_its_advice) {
    EXPECT_TRUE(is_problem(put("x", "X-Refuse: yes\r\n"), 503, "body_not_taken"));
    const auto poison = put("poison");
    EXPECT_TRUE(is_problem(poison, 400, "body_refused"));
    EXPECT_TRUE(has(poison, "the bytes are bad; send others"));
    const auto full = put("full");
    EXPECT_TRUE(is_problem(full, 503, "body_not_taken"));
    EXPECT_TRUE(has(full, "Retry-After: 1\r\n"));
}

TEST_F(HttpSink, discards_what_a_peer_that_went_away_had_sent) {
    {
        Peer peer{port};
        peer.send("PUT /blobs HTTP/1.1\r\nHost: here\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n");
        EXPECT_EQ(peer.up_to("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
        peer.send("half");
    }
    std::promise<void> drained;
    there([&] { server->drain([&] { drained.set_value(); }); });
    drained.get_future().wait();
    ASSERT_EQ(opened.size(), 1U);
    EXPECT_TRUE(opened[0].expired());
}

}  // namespace
}  // namespace sluice::http
