#include "tests/services/listener/town.hpp"

using namespace sluice;
using namespace sluice::listener;

// What the network, the ledger and a second instance do to a request.
namespace {

TEST_F(ListenerApi, joins_two_requests_with_one_id_that_are_under_way_at_once) {
    there([&] { town.fate = [] { return memory::Fate::lands_later; }; });
    auto first = std::async(std::launch::async, [&] { return post(started()); });
    until([&] { return house->waiting() == 1; });
    auto second = std::async(std::launch::async, [&] { return post(started()); });
    until([&] { return house->waiting() == 2; });
    there([&] { town.log.thaw(0); });
    const auto a = first.get(), b = second.get();
    EXPECT_EQ(a.status, 202);
    EXPECT_EQ(b.status, 200);
    EXPECT_EQ(a.body, b.body);
    EXPECT_EQ(types().size(), 1u);
}

TEST_F(ListenerApi, takes_one_of_two_contents_that_race_for_an_id) {
    there([&] { town.fate = [] { return memory::Fate::lands_later; }; });
    auto changed = started();
    changed["data"]["job"] = "hourly";
    auto first = std::async(std::launch::async, [&] { return post(started()); });
    until([&] { return house->waiting() == 1; });
    auto second = std::async(std::launch::async, [&] { return post(changed); });
    until([&] { return house->waiting() == 2; });
    there([&] { town.log.thaw(0); });
    EXPECT_EQ(first.get().status, 202);
    EXPECT_EQ(second.get().status, 409);
}

TEST_F(ListenerApi, agrees_with_another_instance_on_one_fact) {
    there([&] { town.fate = [] { return memory::Fate::lands_later; }; });
    auto here = std::async(std::launch::async, [&] { return post(started()); });
    until([&] { return house->waiting() == 1; });
    auto elsewhere =
        std::async(std::launch::async, [&] { return ask(*other, "POST", "/v1/events", started().dump(), {}); });
    until([&] { return other->waiting() == 1 && town.log.delayed().size() == 2; });
    there([&] { town.log.thaw(1), town.log.thaw(0); });
    const auto a = here.get(), b = elsewhere.get();
    EXPECT_EQ(a.status, 202);
    EXPECT_EQ(a.body, b.body);
    EXPECT_EQ(a.body.at("position"), 0);
    EXPECT_EQ(post(started()).body, a.body);
}

TEST_F(ListenerApi, is_told_by_another_instance_what_came_in_there) {
    const auto there_first = ask(*other, "POST", "/v1/events", started().dump(), {});
    EXPECT_EQ(there_first.status, 202);
    const auto here = post(started());
    EXPECT_EQ(here.status, 200);
    EXPECT_EQ(here.body, there_first.body);
}

TEST_F(ListenerApi, asks_to_come_again_while_the_ledger_is_away) {
    there([&] { town.log.set_reachable(false); });
    const auto away = post(started());
    EXPECT_EQ(away.status, 503);
    EXPECT_EQ(away.header("retry-after"), "1");
    EXPECT_EQ(put("bytes").status, 503);
    EXPECT_EQ(get_request(core::to_text({0, 1})).status, 503);
    there([&] { town.log.set_reachable(true); });
    EXPECT_EQ(post(started()).status, 202);
    EXPECT_EQ(post(started()).status, 200);
    EXPECT_EQ(types().size(), 1u);
}

TEST_F(ListenerApi, makes_one_fact_of_appends_that_fail_or_only_seem_to) {
    there([&] {
        town.fate = [left = 2]() mutable {
            if (left-- > 0) return left == 1 ? memory::Fate::fails : memory::Fate::lands_but_reported_failed;
            return memory::Fate::lands;
        };
    });
    const auto answer = post(started());
    EXPECT_EQ(answer.status, 202);
    EXPECT_EQ(post(started()).body, answer.body);
}

TEST_F(ListenerApi, says_where_to_ask_when_the_ledger_takes_too_long) {
    there([&] { town.fate = [] { return memory::Fate::lands_later; }; });
    const auto late = post(started(), {{"X-Deadline-Ms", "1"}});
    EXPECT_EQ(late.status, 504);
    const auto id = late.body.at("id").get<std::string>();
    EXPECT_EQ(late.header("location"), "/v1/requests/" + id);
    EXPECT_EQ(get_request(id).status, 404);
    there([&] { town.log.thaw(0); });
    until([&] { return town.log.records().size() == 1; });
    EXPECT_EQ(get_request(id).body, Json({{"id", id}, {"position", 0}, {"state", "recorded"}}));
    EXPECT_EQ(post(started()).status, 200);
}

TEST_F(ListenerApi, takes_a_number_for_a_deadline_and_nothing_else) {
    for (const auto* wrong : {"0", "-1", "soon", "10s", ""})
        EXPECT_EQ(post(started(), {{"X-Deadline-Ms", wrong}}).status, 400) << wrong;
    EXPECT_EQ(post(started(), {{"X-Deadline-Ms", "900000"}}).status, 202);
}

TEST_F(ListenerApi, knows_no_request_that_never_came) {
    EXPECT_EQ(get_request("not-an-id").status, 404);
    EXPECT_EQ(get_request(core::to_text({0, 1})).status, 404);
}

TEST_F(ListenerApi, keeps_a_file_under_its_digest_and_says_so_on_the_ledger) {
    const auto answer = put("bytes", "operator-1");
    EXPECT_EQ(answer.status, 201);
    EXPECT_EQ(answer.body, Json({{"digest", core::digest_of("bytes")}, {"size", 5}}));
    EXPECT_EQ(*town.store->read(core::digest_of("bytes"), 10), "bytes");
    const auto fact = ledger().at(0);
    EXPECT_EQ(fact.at("type"), "io.sluice.ArtifactStored.v1");
    EXPECT_EQ(fact.at("data").at("artifact"), answer.body);
    EXPECT_EQ(fact.at("authid"), "operator-1");
    EXPECT_TRUE(counted("sluice_listener_artifact_bytes_total 5"));
}

TEST_F(ListenerApi, says_so_when_a_file_was_there) {
    const auto first = put("bytes");
    const auto second = ask(*other, "PUT", "/v1/artifacts", "bytes", {}, "trainer-2");
    EXPECT_EQ(second.status, 200);
    EXPECT_EQ(second.body, first.body);
    EXPECT_EQ(types().size(), 1u);
}

TEST_F(ListenerApi, refuses_files_that_are_empty_or_too_large) {
    EXPECT_EQ(put("").status, 400);
    EXPECT_EQ(put(std::string(100'000, 'x')).status, 201);
    EXPECT_EQ(put(std::string(100'001, 'x')).status, 413);
}

}  // namespace
