#include "services/mirror/mirror.hpp"

#include "common/http/asio_executor.hpp"
#include "common/memory/ledger.hpp"
#include "common/prometheus/metrics.hpp"
#include "tests/support/memory_mirror_store.hpp"

#include <gtest/gtest.h>

#include <atomic>

namespace sluice::mirror {
namespace {

/// Called on the mirror's own thread.
class ToggledStore final : public runtime::MirrorStore {
public:
    core::Result<runtime::MirrorPlace> place() override {
        if (away) return core::Failure::retryable("Postgres is away", "start it");
        return held.place();
    }
    core::Result<std::vector<runtime::Echo>> append(const runtime::MirrorBatch& batch) override {
        if (away) return core::Failure::retryable("Postgres is away", "start it");
        return held.append(batch);
    }
    std::atomic<bool> away = false;
    support::MemoryMirrorStore held;
};

struct MirrorTest : ::testing::Test {
    /// Works until it is so; fails after ten seconds.
    void until(const std::function<bool()>& so) {
        const auto give_up = executor->after(std::chrono::seconds{10}, [this] {
            ADD_FAILURE() << "it did not come to that; the log says: " << said;
            executor->stop();
        });
        std::function<void()> look = [&] {
            so() ? executor->stop() : void(executor->after(std::chrono::milliseconds{1}, look));
        };
        executor->post(look);
        executor->run();
        executor->cancel(give_up);
    }
    Mirror::Parts parts() { return {*executor, log, *metrics, ledger, store}; }

    std::unique_ptr<runtime::Executor> executor = http::make_executor();
    std::string said;
    runtime::Log log{"mirror", "1", runtime::Log::Level::info, [this](auto line) { said += line; }};
    std::unique_ptr<runtime::Metrics> metrics = prometheus::make_metrics();
    memory::Log records;
    memory::Ledger ledger{records};
    ToggledStore store;
};

TEST_F(MirrorTest, copies_what_comes_and_shows_it_in_metrics_and_log) {
    records.put("not JSON");
    Mirror mirror{parts()};
    EXPECT_TRUE(mirror.not_ready());
    until([&] { return !mirror.not_ready() && store.held.records.size() == 1; });
    records.put("nor this");
    until([&] { return metrics->expose().find("sluice_mirror_position 2") != std::string::npos; });
    const auto text = metrics->expose();
    EXPECT_NE(text.find("sluice_mirror_position 2"), text.npos) << text;
    EXPECT_NE(text.find("sluice_mirror_lag_records 0"), text.npos);
    EXPECT_NE(text.find("sluice_mirror_foreign_records_total 2"), text.npos);
    EXPECT_NE(said.find(R"("position":"1")"), said.npos) << said;
}

TEST_F(MirrorTest, waits_while_the_store_is_away_and_says_so_once) {
    store.away = true;
    Mirror mirror{parts()};
    until([&] { return mirror.not_ready() && mirror.not_ready()->what == "Postgres is away"; });
    records.put("one");
    until([waited = 0]() mutable { return ++waited == 300; });
    EXPECT_EQ(said.find("Postgres is away"), said.rfind("Postgres is away")) << said;
    store.away = false;
    until([&] { return !mirror.not_ready() && store.held.records.size() == 1; });
}

TEST_F(MirrorTest, ends_at_any_moment) {
    for (int steps = 0; steps < 8; ++steps) {
        records.put("another");
        memory::Ledger own{records};
        auto mirror = std::make_unique<Mirror>(Mirror::Parts{*executor, log, *metrics, own, store});
        until([left = steps]() mutable { return left-- == 0; });
        mirror.reset();
        until([left = 3]() mutable { return left-- == 0; });
    }
}

}  // namespace
}  // namespace sluice::mirror
