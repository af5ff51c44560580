#include "common/app/door.hpp"

#include "common/http/asio_executor.hpp"

#include <gtest/gtest.h>

using namespace sluice;
using namespace sluice::app;
using namespace std::chrono_literals;

namespace {

struct Waiting : testing::Test {
    std::unique_ptr<runtime::Executor> executor = http::make_executor();
    std::set<core::FactId> answered;
    Waiters waiters{*executor, [this](const core::FactId& id) { return answered.contains(id); }};
    std::vector<Heard> heard;

    void wait_for(const core::FactId& id, std::chrono::milliseconds patience = 60s) {
        waiters.add(id, patience, [this](Heard how) {
            heard.push_back(how);
            executor->stop();
        });
    }
};

TEST_F(Waiting, ends_when_the_answer_is_known) {
    wait_for({1, 1});
    wait_for({1, 1});
    wait_for({1, 2});
    waiters.look();
    EXPECT_TRUE(heard.empty());
    answered.insert({1, 1});
    waiters.look();
    EXPECT_EQ(heard, (std::vector<Heard>{Heard::answered, Heard::joined}));
    EXPECT_EQ(waiters.waiting(), 1u);
}

TEST_F(Waiting, ends_when_patience_runs_out) {
    wait_for({1, 1}, 1ms);
    executor->run();
    EXPECT_EQ(heard, std::vector<Heard>{Heard::late});
    EXPECT_EQ(waiters.waiting(), 0u);
    answered.insert({1, 1});
    waiters.look();
    EXPECT_EQ(heard.size(), 1u);
}

TEST_F(Waiting, has_room_for_so_many_and_no_more) {
    for (std::uint64_t i = 0; i < Waiters::waiting_max; ++i) {
        EXPECT_TRUE(waiters.has_room());
        wait_for({1, i});
    }
    EXPECT_FALSE(waiters.has_room());
    answered.insert({1, 7});
    waiters.look();
    EXPECT_TRUE(waiters.has_room());
}

http::Request with(const std::string& header, const std::string& value) {
    http::Request request;
    request.headers.emplace_back(header, value);
    return request;
}

TEST(Door, is_patient_for_ten_seconds_and_never_longer_than_a_minute) {
    EXPECT_EQ(patience_of({}), 10s);
    EXPECT_EQ(patience_of(with("x-deadline-ms", "250")), 250ms);
    EXPECT_EQ(patience_of(with("x-deadline-ms", "3600000")), 60s);
    for (const auto* wrong : {"", "0", "-1", "1.5", "1s", "99999999999999999999"})
        EXPECT_EQ(patience_of(with("x-deadline-ms", wrong)), std::nullopt) << wrong;
}

TEST(Door, derives_a_requests_id_from_who_asks_and_the_key) {
    const http::Actor ann{"ann", {}}, bob{"bob", {}};
    const auto keyed = with("idempotency-key", "k");
    EXPECT_EQ(request_id(ann, "console", keyed), request_id(ann, "console", keyed));
    EXPECT_NE(request_id(ann, "console", keyed), request_id(bob, "console", keyed));
    EXPECT_NE(request_id(ann, "console", keyed), request_id(ann, "registry", keyed));
    EXPECT_NE(request_id(ann, "console", {}), request_id(ann, "console", {}));
    EXPECT_TRUE(request_id(ann, "console", with("idempotency-key", std::string(256, 'k'))));
    EXPECT_FALSE(request_id(ann, "console", with("idempotency-key", std::string(257, 'k'))));
    EXPECT_FALSE(request_id(ann, "console", with("idempotency-key", "")));
}

TEST(Door, carries_a_trace_on_or_begins_one) {
    const std::string whole = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    EXPECT_EQ(trace_of(with("traceparent", whole)), whole);
    EXPECT_EQ(trace_of({}, whole), whole);
    const auto begun = trace_of(with("traceparent", "nonsense"));
    EXPECT_EQ(begun.size(), whole.size());
    EXPECT_EQ(trace_of(with("traceparent", begun)), begun);
}

}  // namespace
